/** Hawser inside a Netty server of your own. The only exported signatures that show Netty. */
@NullMarked
package io.hawser.netty;

import org.jspecify.annotations.NullMarked;
