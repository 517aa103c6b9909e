package io.hawser.hostile.runner;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/** What bad clients do, by the rows of the list of threats. */
final class Attacks {

    /**
     * One kind of bad client.
     *
     * @param rows the rows of the list of threats
     * @param kind how it connects, with a handshake of its own or none
     * @param deed what it does when it is connected
     */
    record Attack(String rows, Crowd.Kind kind, Consumer<Peer> deed) {}

    private static final int FIN = 0x80;
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private static final byte[] BOMB = bomb(32 * 1024 * 1024);
    private static final byte[] TEXT_60K = new byte[60 * 1024];

    private Attacks() {}

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>();
        addFrames(attacks);
        addCompression(attacks);
        addHandshakes(attacks);
        addReaders(attacks);
        addEnds(attacks);
        return attacks;
    }

    private static void addFrames(List<Attack> attacks) {
        attacks.add(session("S01", peer -> peer.raw(longHeader(0x82, -1))));
        attacks.add(session("S02", peer -> {
            peer.raw(PeerFrames.frame(0x01, new byte[] {'a'}));
            peer.raw(longHeader(0x80, Long.MAX_VALUE));
        }));
        attacks.add(session("S03", peer -> peer.raw(longHeader(0x82, 0x7FFFFFFF))));
        attacks.add(session("S05", peer -> {
            peer.raw(PeerFrames.frame(0x01, new byte[0]));
            peer.raw(repeat(PeerFrames.frame(0x00, new byte[] {'a'}), 5_000));
        }));
        attacks.add(session("S05 empty", peer -> {
            peer.raw(PeerFrames.frame(0x01, new byte[0]));
            peer.raw(repeat(PeerFrames.frame(0x00, new byte[0]), 5_000));
        }));
        attacks.add(session("S06", peer -> {
            peer.raw(PeerFrames.frame(0x02, new byte[1024]));
            peer.raw(repeat(PeerFrames.frame(0x00, new byte[1024]), 100));
        }));
        attacks.add(session("S08", peer -> peer.raw(new byte[] {(byte) 0x81, 5, 'H', 'e', 'l', 'l', 'o'})));
        attacks.add(session("S10", peer -> drip(peer, PeerFrames.frame(0x82, new byte[1000]), 0)));
        attacks.add(session("S11", peer -> peer.raw(repeat(PeerFrames.frame(0x81, new byte[] {'m'}), 20_000))));
        attacks.add(session("S13", peer -> peer.raw(repeat(PeerFrames.frame(0x89, new byte[125]), 2_000))));
        attacks.add(session("2E bad opcode", peer -> peer.raw(PeerFrames.frame(FIN | 0xB, new byte[3]))));
        attacks.add(session("2E reserved bit", peer -> peer.raw(PeerFrames.frame(FIN | 0x41, new byte[3]))));
        attacks.add(session("2E long ping", peer -> peer.raw(PeerFrames.frame(FIN | 0x9, new byte[126]))));
        attacks.add(session("2E not UTF-8", peer -> peer.raw(PeerFrames.frame(0x81, new byte[] {(byte) 0xC0, 0x41}))));
        attacks.add(session("2E close code", peer -> peer.close(1005)));
        attacks.add(session("2E stray continuation", peer -> peer.raw(PeerFrames.frame(FIN, new byte[3]))));
    }

    private static void addCompression(List<Attack> attacks) {
        attacks.add(deflate("S20", peer -> peer.raw(PeerFrames.frame(0xC2, BOMB))));
        attacks.add(deflate("S20 in fragments", peer -> {
            int piece = BOMB.length / 500;
            for (int i = 0; i < 500; i++) {
                byte[] part = java.util.Arrays.copyOfRange(BOMB, i * piece, (i + 1) * piece);
                peer.raw(PeerFrames.frame(i == 0 ? 0x42 : 0x00, part));
            }
        }));
        attacks.add(deflate("S24 garbage", peer -> peer.raw(PeerFrames.frame(0xC2, random(500)))));
        attacks.add(deflate("S22", peer -> peer.raw(repeat(PeerFrames.frame(0xC2, bomb(60 * 1024)), 500))));
    }

    private static void addHandshakes(List<Attack> attacks) {
        attacks.add(mute("S30 garbage", peer -> peer.raw(random(400))));
        attacks.add(mute(
                "S31 long line", peer -> peer.raw(("GET /" + "a".repeat(20_000)).getBytes(StandardCharsets.US_ASCII))));
        attacks.add(mute(
                "S31 long headers",
                peer -> peer.raw(Peer.request("/echo", "X: " + "a".repeat(60_000) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII))));
        attacks.add(mute(
                "S31 many headers",
                peer -> peer.raw(Peer.request("/echo", "X: a\r\n".repeat(3_000)).getBytes(StandardCharsets.US_ASCII))));
        attacks.add(mute(
                "S32 slowloris", peer -> drip(peer, Peer.request("/echo", "").getBytes(StandardCharsets.US_ASCII), 0)));
        attacks.add(mute(
                "S35 smuggling",
                peer -> peer.raw(Peer.request("/echo", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")
                        .getBytes(StandardCharsets.US_ASCII))));
        attacks.add(mute("S38 early bytes", peer -> {
            byte[] request = Peer.request("/echo", "").getBytes(StandardCharsets.US_ASCII);
            byte[] frame = PeerFrames.frame(0x81, new byte[] {'x'});
            peer.raw(ByteBuffer.allocate(request.length + frame.length)
                    .put(request)
                    .put(frame)
                    .array());
        }));
        attacks.add(mute(
                "S80 TLS hello",
                peer -> peer.raw(new byte[] {0x16, 3, 1, 0, 5, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0})));
        attacks.add(mute(
                "S90 HTTP/2",
                peer -> peer.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))));
        attacks.add(mute("S59 says nothing", peer -> {}));
        attacks.add(mute(
                "S39 pipelined",
                peer -> peer.raw("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .repeat(500)
                        .getBytes(StandardCharsets.US_ASCII))));
    }

    private static void addReaders(List<Attack> attacks) {
        attacks.add(new Attack("S77", stuck("/echo"), peer -> {
            peer.stopReading();
            for (int i = 0; i < 60; i++) {
                peer.send(TEXT_60K);
            }
        }));
        attacks.add(new Attack("S72", stuck("/room/attacked"), Peer::stopReading));
        attacks.add(new Attack("S77 pings", stuck("/echo"), peer -> {
            peer.stopReading();
            peer.raw(repeat(PeerFrames.frame(0x89, new byte[125]), 90));
        }));
        attacks.add(session("S03 64 KiB held", peer -> {
            peer.raw(PeerFrames.header(0x82, 64 * 1024));
            peer.raw(new byte[64 * 1024 - 1]);
        }));
        attacks.add(new Attack("S77 slow", stuck("/room/attacked"), peer -> peer.readSlowly(200)));
    }

    private static void addEnds(List<Attack> attacks) {
        attacks.add(session("S71 reset in a frame", peer -> {
            peer.raw(PeerFrames.header(0x82, 50_000));
            peer.raw(new byte[20_000]).addListener(written -> peer.reset());
        }));
        attacks.add(session("S71 FIN in a frame", peer -> {
            peer.raw(PeerFrames.header(0x82, 50_000));
            peer.raw(new byte[20_000]).addListener(written -> peer.end());
        }));
        attacks.add(session("S73 close and send", peer -> {
            peer.close(1000);
            peer.send(new byte[1000]);
        }));
        attacks.add(session("S73 reset at once", Peer::reset));
        attacks.add(mute(
                "S33 reset in the handshake",
                peer -> peer.raw("GET /echo HT".getBytes(StandardCharsets.US_ASCII))
                        .addListener(written -> peer.reset())));
        attacks.add(new Attack("S74", Crowd.Kind.of("/throw/text/error"), peer -> peer.sendText("now")));
        attacks.add(new Attack("S74 overflow", Crowd.Kind.of("/throw/open/overflow"), peer -> {}));
    }

    private static Attack session(String rows, Consumer<Peer> deed) {
        return new Attack(rows, Crowd.Kind.of("/echo"), deed);
    }

    private static Attack deflate(String rows, Consumer<Peer> deed) {
        return new Attack(rows, Crowd.Kind.of("/deflate").withHeaders(DEFLATE), deed);
    }

    private static Attack mute(String rows, Consumer<Peer> deed) {
        return new Attack(rows, Crowd.Kind.mute(), deed);
    }

    private static Crowd.Kind stuck(String path) {
        return Crowd.Kind.of(path).withReceiveBuffer(4096);
    }

    private static void drip(Peer peer, byte[] bytes, int at) {
        if (at < bytes.length) {
            peer.raw(new byte[] {bytes[at]});
            peer.after(1_000_000_000, () -> drip(peer, bytes, at + 1));
        }
    }

    private static byte[] longHeader(int firstByte, long length) {
        return ByteBuffer.allocate(14)
                .put((byte) firstByte)
                .put((byte) 0xFF)
                .putLong(length)
                .putInt(0)
                .array();
    }

    private static byte[] repeat(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) {
            all.put(bytes);
        }
        return all.array();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(ThreadLocalRandom.current().nextLong()).nextBytes(bytes);
        return bytes;
    }

    /** That many zeros, in the form of RFC 7692 §7.2.1. */
    private static byte[] bomb(int size) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[size]);
        byte[] out = new byte[size / 500 + 1000];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return java.util.Arrays.copyOf(out, length - 4);
    }
}
