package io.hawser.hostile;

import io.hawser.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many clients, all of them with an open session. */
final class Crowd implements AutoCloseable {

    private final List<RawClient> clients = new ArrayList<>();

    private Crowd() {}

    interface Connect {
        RawClient one() throws Exception;
    }

    interface Action {
        void on(RawClient client) throws Exception;
    }

    static Crowd of(int count, Connect connect) throws Exception {
        Crowd crowd = new Crowd();
        try {
            for (int i = 0; i < count; i++) {
                crowd.clients.add(connect.one());
            }
        } catch (Exception e) {
            crowd.close();
            throw e;
        }
        return crowd;
    }

    void each(Action action) throws Exception {
        for (RawClient client : clients) {
            action.on(client);
        }
    }

    RawClient any() {
        return clients.get(clients.size() / 2);
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
