package io.hawser.clients;

import java.net.URI;

/** Somebody else's WebSocket client, as far as the tests need it. */
interface ClientLibrary {

    /**
     * Opens a connection. Blocks until the handshake is over.
     *
     * @throws RefusedHandshakeException if the server's answer is no 101
     */
    ClientConnection open(URI uri, String... subprotocols) throws Exception;

    /** The handshake was answered by something else than a 101. */
    final class RefusedHandshakeException extends Exception {

        private static final long serialVersionUID = 1;

        private final int status;

        RefusedHandshakeException(int status) {
            super("refused with " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
