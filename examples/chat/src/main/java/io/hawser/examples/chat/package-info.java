/**
 * A chat on Hawser. {@code ChatServer} starts it, {@code ChatHandler} hears clients, {@code ClientMessage} reads and checks what they
 * say, {@code ChatRooms} knows who is where, {@code ServerMessage} is what they are told, {@code ChatPage} serves the browser's part.
 */
package io.hawser.examples.chat;
