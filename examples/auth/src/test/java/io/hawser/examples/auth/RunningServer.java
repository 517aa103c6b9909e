package io.hawser.examples.auth;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The {@link Fixture}'s server, while the tests of a class run. */
final class RunningServer implements BeforeAllCallback, AfterAllCallback {

    private AuthServer server;

    int port() {
        return server.port();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = Fixture.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }
}
