/**
 * Hawser: an embeddable WebSocket server (RFC 6455, RFC 7692). This package is all that most programs import.
 *
 * <pre>{@code
 * WebSocketServer server = WebSocketServer.builder()
 *         .port(8080)
 *         .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
 *         .endpoint("/news", WebSocketHandler.onOpen(session -> session.join("news")))
 *         .build()
 *         .start();
 * Runtime.getRuntime().addShutdownHook(new Thread(server::close));
 * System.out.println("Echo at ws://localhost:" + server.port() + "/echo; what you type goes to /news");
 * Scanner lines = new Scanner(System.in).useDelimiter("\\R");
 * lines.forEachRemaining(line -> server.room("news").broadcast(Message.text(line)));
 * }</pre>
 *
 * <h2>One road in, one road out</h2>
 *
 * <pre>
 * socket → TLS? → HTTP/1.1 parser (Netty's) → OpeningHandshake ──101──▶ FrameReader → MessageAssembler → session → your handler
 * socket ◀─────────── SendQueue ◀── FrameWriter ◀── Message (encoded once) ◀── session.send / room.broadcast
 * </pre>
 *
 * After the 101 the HTTP handlers leave the pipeline and one handler of ours stays. It feeds bytes to the protocol core and carries
 * out what the core asks for. The core knows no channel, thread, clock or logger.
 *
 * <h2>Who knows whom</h2>
 *
 * <p>This package imports nothing of the others, but for {@link io.hawser.WebSocketServerBuilder}, which puts them together. Behind it:
 * {@code internal.protocol} (bytes, frames, messages, closing: §5–§8), {@code internal.deflate} (RFC 7692), {@code
 * internal.handshake} (§4 as a function), {@code internal.session} (one connection's life), {@code internal.server} (Netty); each
 * knows those before it at most. {@code ArchitectureTest} says so in full.
 *
 * <h2>To change X, open Y</h2>
 *
 * <table>
 * <caption>Where things are</caption>
 * <tr><th>X</th><th>Y</th></tr>
 * <tr><td>a limit or its default</td><td>{@link io.hawser.Limits}, {@link io.hawser.HttpLimits}, {@link io.hawser.ServerLimits}, {@link io.hawser.Heartbeat}</td></tr>
 * <tr><td>a frame rule (§5.2–§5.5)</td><td>{@code internal.protocol.FrameReader}</td></tr>
 * <tr><td>fragments, UTF-8, size (§5.4, §8.1)</td><td>{@code internal.protocol.MessageAssembler}</td></tr>
 * <tr><td>closing (§7)</td><td>{@code internal.protocol.ProtocolEngine}</td></tr>
 * <tr><td>legal close codes (§7.4)</td><td>{@code internal.protocol.CloseCodes}</td></tr>
 * <tr><td>the handshake (§4)</td><td>{@code internal.handshake.OpeningHandshake}</td></tr>
 * <tr><td>origins (RFC 6454)</td><td>{@link io.hawser.OriginPolicy}</td></tr>
 * <tr><td>compression (RFC 7692)</td><td>{@code internal.deflate}</td></tr>
 * <tr><td>messages in parts</td><td>{@code internal.protocol.MessageParts}</td></tr>
 * <tr><td>demand, what waits for a handler</td><td>{@code internal.session.ReceiveQueue}</td></tr>
 * <tr><td>when a peer is read, its rates</td><td>{@code internal.session.Reception}, {@code internal.session.ReceiveRates}</td></tr>
 * <tr><td>what a handler throws</td><td>{@code internal.session.GuardedHandler}</td></tr>
 * <tr><td>memory of all sessions together</td><td>{@code internal.session.SharedBudget}</td></tr>
 * <tr><td>what gives way when a peer reads too slowly</td><td>{@code internal.session.SendQueue}</td></tr>
 * <tr><td>the order of what is written, the Close frame's place</td><td>{@code internal.session.Departures}</td></tr>
 * <tr><td>rooms, broadcast</td><td>{@code internal.session.LiveRoom}</td></tr>
 * <tr><td>timeouts, pings</td><td>{@code internal.session.Deadlines}</td></tr>
 * <tr><td>what is logged</td><td>{@code internal.session.ConnectionLog}</td></tr>
 * <tr><td>how many connections, how fast</td><td>{@code internal.server.ConnectionLimits}</td></tr>
 * <tr><td>whose address is believed</td><td>{@code internal.handshake.ClientAddresses}, {@code internal.server.ProxyProtocol}</td></tr>
 * <tr><td>certificates</td><td>{@code internal.server.TlsContexts}</td></tr>
 * <tr><td>how a server stops</td><td>{@code internal.server.Drain}</td></tr>
 * <tr><td>sockets, TLS, transports</td><td>{@code internal.server.Listener}</td></tr>
 * <tr><td>use inside another Netty server</td><td>{@code io.hawser.netty.WebSocketUpgradeHandler}</td></tr>
 * </table>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7692">RFC 7692</a>
 */
@NullMarked
package io.hawser;

import org.jspecify.annotations.NullMarked;
