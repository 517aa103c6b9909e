/**
 * Everything that sees a secret: passwords, tickets, session cookies, access tokens. What is secret is compared in constant time, by
 * {@code Secret} and {@code Passwords} alone; a test forbids {@code equals} on texts and arrays here.
 */
package io.hawser.examples.auth.identity;
