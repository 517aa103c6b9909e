/**
 * What hostile peers do: known attacks on servers of this kind, each a row of README.md beside this file, and each row a test, or
 * several, named by its id.
 */
@NullMarked
package io.hawser.hostile;

import org.jspecify.annotations.NullMarked;
