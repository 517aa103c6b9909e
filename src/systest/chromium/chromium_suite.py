"""The WebSocket of headless Chromium against this server."""
import unittest
import uuid

import suite
from browser import Browser

# Defined in every page: promises of what a socket sees.
PRELUDE = """
    const patience = 20000;
    const within = (what, promise) => Promise.race([promise, new Promise((_, reject) =>
        setTimeout(() => reject(new Error(what + " took too long")), patience))]);
    const open = (url, protocols = []) => {
        const socket = new WebSocket(url, protocols);
        socket.binaryType = "arraybuffer";
        return socket;
    };
    const opened = (url, protocols) => within("open", new Promise((resolve, reject) => {
        const socket = open(url, protocols);
        socket.onopen = () => resolve(socket);
        socket.onerror = () => reject(new Error("no connection to " + url));
    }));
    const closed = socket => within("close", new Promise(resolve => {
        socket.onclose = ({code, reason, wasClean}) => resolve([code, reason, wasClean]);
    }));
    const bytes = size => {
        const all = new Uint8Array(size);
        for (let at = 0; at < size; at += 65536) crypto.getRandomValues(all.subarray(at, Math.min(size, at + 65536)));
        return all;
    };
    const same = (a, b) => typeof a === "string" ? a === b
        : b instanceof ArrayBuffer && a.length === b.byteLength && new Uint8Array(b).every((x, i) => x === a[i]);
    const echoes = (socket, messages) => within("echo", new Promise((resolve, reject) => {
        let next = 0;
        socket.onmessage = ({data}) => {
            if (!same(messages[next++], data)) reject(new Error("echo " + next + " differs"));
            if (next === messages.length) resolve(next);
        };
        for (const message of messages) socket.send(message);
    }));
    const mixed = (count, maxBytes) => {
        const edges = [0, 1, 125, 126, 127, 65535, 65536].filter(edge => edge <= maxBytes);
        return Array.from({length: count}, (_, i) => {
            const size = edges[i >> 1] ?? Math.floor(Math.random() * maxBytes);
            return i % 2 ? "0123456789 äöü€😀 ".repeat(size / 25) + "x".repeat(size % 25) : bytes(size);
        });
    };
"""


class ChromiumSuite:
    """Run twice: from a page in the clear and from one over TLS."""

    scheme = ""

    @classmethod
    def setUpClass(cls):
        browser = Browser()
        cls.browser = browser.__enter__()
        cls.addClassCleanup(browser.__exit__, None, None, None)
        cls.url = suite.URLS[cls.scheme]
        cls.browser.open(cls.url.replace("ws", "http", 1) + "/")

    def in_page(self, script, *arguments):
        return self.browser.run_async(PRELUDE + script, *arguments)

    def ending_of(self, tag):
        return self.in_page(
            """const socket = open(args[0]);
               return within("observer", new Promise(resolve => { socket.onmessage = ({data}) => resolve(data); }));""",
            f"{self.url}/observer/{tag}")

    def test_a_hundred_text_and_a_hundred_binary_messages_come_back_as_they_were(self):
        self.assertEqual(200, self.in_page(
            'return echoes(await opened(args[0]), mixed(200, 70000));', f"{self.url}/echo"))

    def test_a_mebibyte_goes_both_ways(self):
        self.assertEqual(2, self.in_page(
            'return echoes(await opened(args[0]), [bytes(1 << 20), "€€ä".repeat(1 << 17)]);', f"{self.url}/echo"))

    def test_a_thousand_compressed_messages_come_back_as_they_were(self):
        for path in ("/", "/echo-deflate"):
            with self.subTest(path):
                extensions, count = self.in_page(
                    "const socket = await opened(args[0]);"
                    "return [socket.extensions, await echoes(socket, mixed(1000, 3000))];", self.url + path)
                self.assertTrue(extensions.startswith("permessage-deflate"), extensions)
                self.assertEqual(1000, count)

    def test_the_subprotocol_is_the_servers_first_that_the_page_offered(self):
        self.assertEqual("chat.v2", self.in_page(
            'return (await opened(args[0], ["mqtt", "chat.v1", "chat.v2"])).protocol;', f"{self.url}/protocols"))

    def test_a_refused_handshake_is_a_connection_that_never_opened(self):
        for path in ("/refused/401", "/refused/403", "/nowhere"):
            with self.subTest(path):
                self.assertEqual([1006, "", False], self.in_page(
                    "const socket = open(args[0]);"
                    'socket.onopen = () => { throw new Error("it opened"); };'
                    "return closed(socket);", self.url + path))

    def test_a_page_of_another_origin_is_refused(self):
        other = self.url.replace("127.0.0.1", "localhost")
        self.assertEqual([1006, "", False], self.in_page("return closed(open(args[0]));", f"{other}/echo"))

    def test_the_pages_close_reaches_the_server_with_its_reason_and_is_answered_with_its_code(self):
        tag = uuid.uuid4().hex
        self.assertEqual([4001, "", True], self.in_page(
            'const socket = await opened(args[0]); socket.close(4001, "bis später"); return closed(socket);',
            f"{self.url}/echo?tag={tag}"))
        self.assertEqual("PEER 4001 bis später", self.ending_of(tag))

    def test_both_sides_see_the_code_and_reason_of_the_servers_close(self):
        tag = uuid.uuid4().hex
        self.assertEqual([4002, "genug für heute", True], self.in_page(
            'const socket = await opened(args[0]); socket.send("4002 genug für heute"); return closed(socket);',
            f"{self.url}/closing?tag={tag}"))
        self.assertEqual("SERVER 4002 genug für heute", self.ending_of(tag))

    def test_a_page_that_is_accepted_only_to_be_told_why_not_sees_the_code_and_reason(self):
        self.assertEqual(
            [4403, "not for you", True], self.in_page("return closed(open(args[0]));", f"{self.url}/unwelcome"))

    def test_a_page_that_is_left_goes_away_with_1001(self):
        tag = uuid.uuid4().hex
        page = self.browser.window()
        self.browser.new_window()
        self.browser.open(self.url.replace("ws", "http", 1) + "/")
        self.in_page("window.left = await opened(args[0]);", f"{self.url}/echo?tag={tag}")
        self.browser.open("about:blank")
        self.browser.close_window()
        self.browser.switch_to(page)
        self.assertEqual("PEER 1001 ", self.ending_of(tag))


class Plain(ChromiumSuite, unittest.TestCase):
    scheme = "ws"


class Encrypted(ChromiumSuite, unittest.TestCase):
    scheme = "wss"


if __name__ == "__main__":
    suite.main("chromium", Plain, Encrypted)
