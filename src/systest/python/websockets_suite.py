"""The `websockets` client of PyPI against this server."""
import unittest
import uuid

import websockets.exceptions
import websockets.sync.client

import suite

PATIENCE_SECONDS = 20
KIBI = 1024


def connect(url, **options):
    options.setdefault("max_size", None)
    return websockets.sync.client.connect(url, ssl=suite.tls_context(url), open_timeout=PATIENCE_SECONDS, **options)


def ending_of(url, tag):
    """What the server's onClose was told of the session that carried the tag."""
    with connect(f"{url}/observer/{tag}") as observer:
        return observer.recv(timeout=PATIENCE_SECONDS)


class WebsocketsSuite:
    """Run twice: in the clear and over TLS."""

    scheme = ""

    @property
    def url(self):
        return suite.URLS[self.scheme]

    def assert_echoes(self, connection, messages):
        for message in messages:
            connection.send(message)
        for message in messages:
            self.assertTrue(connection.recv(timeout=PATIENCE_SECONDS) == message, "an echo differs")

    def assert_closed(self, connection, code, reason):
        with self.assertRaises(websockets.exceptions.ConnectionClosed) as closed:
            connection.recv(timeout=PATIENCE_SECONDS)
        self.assertEqual((code, reason), (closed.exception.rcvd.code, closed.exception.rcvd.reason))

    def test_a_hundred_text_and_a_hundred_binary_messages_come_back_as_they_were(self):
        with connect(f"{self.url}/echo") as connection:
            self.assertNotIn("Sec-WebSocket-Extensions", connection.response.headers)
            self.assert_echoes(connection, suite.mixed_messages(200, 70_000))

    def test_a_mebibyte_goes_both_ways(self):
        with connect(f"{self.url}/echo") as connection:
            self.assert_echoes(connection, [bytes(range(256)) * 4 * KIBI, "€€ä" * 128 * KIBI])

    def test_a_thousand_compressed_messages_come_back_as_they_were(self):
        for path in ("/", "/echo-deflate"):
            with self.subTest(path), connect(self.url + path) as connection:
                self.assertIn("permessage-deflate", connection.response.headers["Sec-WebSocket-Extensions"])
                self.assert_echoes(connection, suite.mixed_messages(1_000, 3_000))

    def test_the_subprotocol_is_the_servers_first_that_the_client_offered(self):
        with connect(f"{self.url}/protocols", subprotocols=["mqtt", "chat.v1", "chat.v2"]) as connection:
            self.assertEqual("chat.v2", connection.subprotocol)

    def test_a_refused_handshake_shows_its_status(self):
        for status, path in ((401, "/refused/401"), (403, "/refused/403"), (404, "/nowhere")):
            with self.subTest(status), self.assertRaises(websockets.exceptions.InvalidStatus) as refusal:
                connect(self.url + path).__enter__()
            self.assertEqual(status, refusal.exception.response.status_code)

    def test_the_clients_close_reaches_the_server_with_its_reason_and_is_answered_with_its_code(self):
        tag = uuid.uuid4().hex
        with connect(f"{self.url}/echo?tag={tag}") as connection:
            connection.close(4001, "bis später")
        self.assertEqual((4001, ""), (connection.close_code, connection.close_reason))
        self.assertEqual("PEER 4001 bis später", ending_of(self.url, tag))

    def test_both_sides_see_the_code_and_reason_of_the_servers_close(self):
        tag = uuid.uuid4().hex
        with connect(f"{self.url}/closing?tag={tag}") as connection:
            connection.send("4002 genug für heute")
            self.assert_closed(connection, 4002, "genug für heute")
        self.assertEqual("SERVER 4002 genug für heute", ending_of(self.url, tag))

    def test_a_client_that_is_accepted_only_to_be_told_why_not_sees_the_code_and_reason(self):
        with connect(f"{self.url}/unwelcome") as connection:
            self.assert_closed(connection, 4403, "not for you")


class Plain(WebsocketsSuite, unittest.TestCase):
    scheme = "ws"


class Encrypted(WebsocketsSuite, unittest.TestCase):
    scheme = "wss"


if __name__ == "__main__":
    suite.main("websockets", Plain, Encrypted)
