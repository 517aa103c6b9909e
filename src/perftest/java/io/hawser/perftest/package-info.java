/** The servers that are measured against each other; {@code src/perftest/serve} and {@code peers} start them. */
@NullMarked
package io.hawser.perftest;

import org.jspecify.annotations.NullMarked;
