/**
 * Hostile situations at full size, against a server in a process of its own: the reliability figures. Started by
 * {@code src/hostile/run}, whose README has the list, the goals and the results. A {@code Scenario} a figure; {@code HostileServer}
 * is the server under test, {@code Crowd} the clients.
 */
@NullMarked
package io.hawser.hostile.runner;

import org.jspecify.annotations.NullMarked;
