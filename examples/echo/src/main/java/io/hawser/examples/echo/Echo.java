package io.hawser.examples.echo;

import io.hawser.Message;
import io.hawser.WebSocketHandler;
import io.hawser.WebSocketServer;
import io.hawser.WebSocketSession;
import java.util.Scanner;

/** Sends every message back, and says to everybody in the room {@code news} what is typed on the console. */
public final class Echo {

    private Echo() {}

    /**
     * Serves until the process is told to end.
     *
     * @param args the port; 8080 if there is none
     */
    public static void main(String[] args) {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;

        WebSocketServer server = WebSocketServer.builder()
                .port(port)
                .endpoint("/echo", WebSocketHandler.onMessage(WebSocketSession::send))
                .endpoint("/news", WebSocketHandler.onOpen(session -> session.join("news")))
                .build()
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Echo at ws://localhost:" + server.port() + "/echo; what you type goes to /news");
        Scanner lines = new Scanner(System.in).useDelimiter("\\R");
        lines.forEachRemaining(line -> server.room("news").broadcast(Message.text(line)));
    }
}
