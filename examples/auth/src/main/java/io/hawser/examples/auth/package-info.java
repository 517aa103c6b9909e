/**
 * Who is there, on Hawser. {@code AuthServer} starts it; {@code LoginHandler} hears passwords; {@code LiveHandler} serves who was let
 * in and looks at each command whether they may; {@code SignOut} ends what a login has begun; {@code AuthPage} serves the browser's
 * part, and turns a ticket into a cookie and a cookie into a token. Who is let in, the package {@code identity} decides.
 */
package io.hawser.examples.auth;
