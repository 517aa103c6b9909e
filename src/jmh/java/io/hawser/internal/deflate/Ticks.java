package io.hawser.internal.deflate;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** Market data in JSON, about 300 bytes each: the same names every time, other numbers. */
final class Ticks {

    private static final String[] SYMBOLS = {"BTC-EUR", "ETH-EUR", "SOL-EUR", "XMR-EUR", "ADA-EUR"};

    private Ticks() {}

    /** So many of them. */
    static byte[][] make(int count) {
        Random random = new Random(count);
        byte[][] ticks = new byte[count][];
        for (int i = 0; i < count; i++) {
            double price = 20 + 80_000 * random.nextDouble();
            String json = String.format(
                    Locale.ROOT,
                    "{\"type\":\"ticker\",\"sequence\":%d,\"product_id\":\"%s\",\"price\":\"%.2f\",\"open_24h\":\"%.2f\","
                            + "\"volume_24h\":\"%.8f\",\"low_24h\":\"%.2f\",\"high_24h\":\"%.2f\",\"best_bid\":\"%.2f\","
                            + "\"best_ask\":\"%.2f\",\"side\":\"%s\",\"time\":\"2026-11-21T10:%02d:%02d.%06dZ\","
                            + "\"trade_id\":%d,\"last_size\":\"%.8f\"}",
                    4_712_331_000L + i * 7L + random.nextInt(7),
                    SYMBOLS[random.nextInt(SYMBOLS.length)],
                    price,
                    price * (0.95 + random.nextDouble() / 10),
                    10_000 * random.nextDouble(),
                    price * 0.97,
                    price * 1.04,
                    price - 0.01 * random.nextInt(100),
                    price + 0.01 * random.nextInt(100),
                    random.nextBoolean() ? "buy" : "sell",
                    i / 60 % 60,
                    i % 60,
                    random.nextInt(1_000_000),
                    91_000_000 + i,
                    random.nextDouble());
            ticks[i] = json.getBytes(StandardCharsets.UTF_8);
        }
        return ticks;
    }
}
