package io.hawser.internal.handshake;

/** The {@code token} of HTTP (RFC 9110 §5.6.2): what names, subprotocols and extension parameters are made of. */
final class HttpToken {

    private static final boolean[] TOKEN_CHARACTER = new boolean[128];

    static {
        String characters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (int i = 0; i < characters.length(); i++) {
            TOKEN_CHARACTER[characters.charAt(i)] = true;
        }
    }

    private HttpToken() {}

    static boolean isTokenCharacter(char c) {
        return c < 128 && TOKEN_CHARACTER[c];
    }

    static boolean isToken(CharSequence text) {
        int end = endOfToken(text, 0);
        return end == text.length() && end > 0;
    }

    /** Where the token that begins at {@code start} ends; {@code start} itself if there is none. */
    static int endOfToken(CharSequence text, int start) {
        int at = start;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where the optional white space (RFC 9110 §5.6.3) at {@code start} ends. */
    static int endOfWhiteSpace(CharSequence text, int start) {
        int at = start;
        while (at < text.length() && isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static boolean isWhiteSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
