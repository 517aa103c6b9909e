/** permessage-deflate (RFC 7692), behind {@link io.hawser.internal.protocol.PayloadTransform}. */
@NullMarked
package io.hawser.internal.deflate;

import org.jspecify.annotations.NullMarked;
