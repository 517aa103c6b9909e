/**
 * Other people's WebSocket clients against this server: the JDK's, OkHttp's and Java-WebSocket's as JUnit tests here; the ones that
 * are programs of their own, in {@code src/systest}, talk to the same {@link io.hawser.clients.SuiteServer}.
 */
@NullMarked
package io.hawser.clients;

import org.jspecify.annotations.NullMarked;
