/** What the benchmarks of the other packages are measured with. */
@NullMarked
package io.hawser.jmh;

import org.jspecify.annotations.NullMarked;
