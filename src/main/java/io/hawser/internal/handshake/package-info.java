/**
 * The opening handshake (RFC 6455 §4) as a function: request head in, 101 or refusal out. {@link OpeningHandshake}
 * holds the order of the checks; {@code RequestRules} those of HTTP (RFC 9110, RFC 9112), {@code UpgradeRules} those of
 * RFC 6455 §4.2.1. The other classes read one header, or one part of one, each.
 *
 * <p>May import {@code io.hawser}, {@code internal.deflate} for its offers, and the header types of Netty's HTTP codec.
 * It sees no channel, starts no thread and writes no log.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-4">RFC 6455 §4</a>
 */
@NullMarked
package io.hawser.internal.handshake;

import org.jspecify.annotations.NullMarked;
