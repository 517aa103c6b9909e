package io.hawser.perftest.peers;

/** What all of them serve, and how they are told to. */
final class Paths {

    static final String ECHO = "/echo";
    static final String DEFLATE = "/echo-deflate";
    static final String BROADCAST = "/broadcast";

    static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
    static final int BACKLOG = 4096;

    private Paths() {}

    static void ready() {
        System.out.println("ready");
    }
}
