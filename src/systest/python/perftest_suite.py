"""The server of src/perftest as those who measure it start it: on every transport, until SIGTERM. And the load generator: every load
against our server for a moment, for its correctness, and servers with a fault, which it must notice."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import unittest

import websockets.sync.client

import suite

PERFTEST = pathlib.Path(__file__).parents[2] / "perftest"
SERVE = PERFTEST / "serve"
PATIENCE_SECONDS = 40

sys.path.insert(0, str(PERFTEST))
import loads  # noqa: E402
import servers  # noqa: E402


def connect(port, path):
    return websockets.sync.client.connect(f"ws://127.0.0.1:{port}{path}", open_timeout=PATIENCE_SECONDS, max_size=None)


class Serve(unittest.TestCase):

    def check(self, transport):
        port = suite.free_port()
        environment = dict(os.environ, TRANSPORT=transport, JAVA_HEAP="256m")
        server = subprocess.Popen([SERVE, str(port)], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual("ready\n", server.stdout.readline())
            with connect(port, "/echo") as connection:
                connection.send(bytes(2 * 1024 * 1024))
                self.assertEqual(2 * 1024 * 1024, len(connection.recv(timeout=PATIENCE_SECONDS)))
            with connect(port, "/echo-deflate") as connection:
                connection.send("deflate " * 1_000)
                self.assertEqual("deflate " * 1_000, connection.recv(timeout=PATIENCE_SECONDS))
            with connect(port, "/broadcast") as one, connect(port, "/broadcast") as other:
                one.send("to all")
                self.assertEqual("to all", one.recv(timeout=PATIENCE_SECONDS))
                self.assertEqual("to all", other.recv(timeout=PATIENCE_SECONDS))
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(128 + signal.SIGTERM, server.wait(PATIENCE_SECONDS))
            server.stdout.close()

    def test_the_transport_of_its_choice(self):
        self.check("auto")

    def test_nio(self):
        self.check("nio")

    def test_epoll(self):
        self.check("epoll")

    def test_io_uring(self):
        self.check("io_uring")


def measured(server, arguments, seconds=0.2, **replaced):
    """What wsload says, which finds nothing wrong. Of an option given twice the last one counts."""
    options = ["--seconds", str(seconds), "--warmup", "0.1", *arguments.format(raw="").split()]
    for name, value in replaced.items():
        options += [f"--{name}", str(value)]
    run = subprocess.run(server.wsload(options), capture_output=True, text=True, timeout=PATIENCE_SECONDS + seconds)
    if run.returncode != 0:
        raise AssertionError(f"{options}: {run.stdout}{run.stderr}")
    result = json.loads(run.stdout)
    if result["count"] and (result["sessions"] or "--messages" not in options):
        return result
    if seconds > PATIENCE_SECONDS:
        raise AssertionError(f"{options}: nothing came back")
    return measured(server, arguments, 5 * seconds, **replaced)  # a machine that is busy with other things


class Loads(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        servers.build_wsload()
        cls.server = cls.enterClassContext(servers.Server("env TRANSPORT=epoll JAVA_HEAP=256m ./serve", answers_heap=True))

    def test_every_load_of_the_comparison_finds_nothing_wrong_with_our_server(self):
        for name, arguments in loads.LOADS.items():
            with self.subTest(name):
                fewer = {"conns": 200} if "--conns 1000" in arguments else {}
                measured(self.server, arguments, **fewer)

    def test_every_kind_of_idle_session_is_held_and_weighed(self):
        for name, arguments in loads.IDLE.items():
            with self.subTest(name):
                result = servers.hold_load(self.server, [*arguments.format(raw="").split(), "--conns", "500"], warmup_conns=50)
                self.assertEqual(500, result["open"])
                self.assertTrue(0.3 < result["heap_kb"] < 30, result)

    def test_a_connection_that_ends_after_ten_messages_has_carried_ten(self):
        for end in ("reset", "close"):
            with self.subTest(end):
                result = measured(self.server, "--conns 20 --messages 10 --window 4", end=end)
                self.assertLess(abs(result["count"] - 10 * result["sessions"]), 20 * 10)

    def test_deflate_makes_the_ticks_smaller(self):
        plain = measured(self.server, "--conns 10 --ticks --window 4")
        deflated = measured(self.server, "--conns 10 --ticks --window 4 --deflate --path /echo-deflate")
        self.assertLess(deflated["bytes_per"], 0.6 * plain["bytes_per"])

    def test_raw_bytes_are_echoed_by_the_server_that_is_the_floor(self):
        with servers.Server("env JAVA_HEAP=256m ./peer raw-netty-tcp") as server:
            for arguments in ("--window 16", "--size 65536 --bin", "--ticks --window 4", "--messages 10", "--mode idle"):
                with self.subTest(arguments):
                    measured(server, f"--raw --conns 20 {arguments}")

    def test_the_same_over_tls(self):
        with servers.Server("env JAVA_HEAP=256m ./serve", tls=servers.Tls()) as server:
            for arguments in ("--window 16", "--size 1048576 --bin --conns 2", "--mode handshake --end close",
                              "--ticks --window 4 --deflate --path /echo-deflate", "--mode broadcast --path /broadcast"):
                with self.subTest(arguments):
                    measured(server, f"--conns 20 {arguments}")


RESPONSE = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")


@contextlib.contextmanager
def scripted_server(response, reply, ends):
    """Answers the request of one client with a response and what comes next with a reply, and may end the connection then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_SECONDS)

        def serve():
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                connection.sendall(response)
                connection.recv(4096)
                connection.sendall(reply)
                if ends:
                    connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield str(listener.getsockname()[1])
        thread.join(PATIENCE_SECONDS)


class Faults(unittest.TestCase):
    """wsload sends "abcd" as text; what it must say of what comes back is its exit status."""

    @classmethod
    def setUpClass(cls):
        servers.build_wsload()

    def status(self, response, reply, *options, ends=False):
        with scripted_server(response, reply, ends) as port:
            command = [servers.WSLOAD, "--port", port, "--conns", "1", "--size", "4", "--seconds", "0.1", "--warmup", "0", *options]
            return subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS).returncode

    def test_the_message_as_it_was_is_no_fault(self):
        for frames in (b"\x81\x04abcd", b"\x01\x01a\x89\x00\x80\x03bcd"):
            self.assertEqual(0, self.status(RESPONSE, frames))

    def test_a_frame_that_is_not_what_must_come_back_is_noticed(self):
        for fault, frame in {
            "another byte": b"\x81\x04abcX", "fewer": b"\x81\x03abc", "more": b"\x81\x05abcde", "binary": b"\x82\x04abcd",
            "masked": b"\x81\x84\0\0\0\0abcd", "RSV1": b"\xc1\x04abcd", "RSV2": b"\xa1\x04abcd", "twice": b"\x81\x04abcd" * 3,
            "continuation": b"\x80\x04abcd", "reserved opcode": b"\x83\x04abcd", "long ping": b"\x89\x7e\x00\x7e" + bytes(126),
            "a Close": b"\x88\x02\x03\xe8",
        }.items():
            with self.subTest(fault):
                self.assertEqual(1, self.status(RESPONSE, frame))

    def test_a_response_that_is_not_the_one_asked_for_is_noticed(self):
        negotiated = RESPONSE[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        for fault, response in {
            "200": RESPONSE.replace(b"101 Switching Protocols", b"200 OK"), "other key": RESPONSE.replace(b"s3p", b"s3q"),
            "no upgrade": RESPONSE.replace(b"Upgrade: websocket\r\n", b""), "an extension nobody asked for": negotiated,
        }.items():
            with self.subTest(fault):
                self.assertEqual(1, self.status(response, b"\x81\x04abcd"))

    def test_a_fault_in_what_is_compressed_is_noticed(self):
        negotiated = RESPONSE[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate; %s\r\n\r\n"
        right = b"\xc1\x06JLJN\x01\x00"
        self.assertEqual(0, self.status(negotiated % b"server_no_context_takeover", right, "--deflate"))
        self.assertEqual(0, self.status(negotiated % b"client_max_window_bits=15", b"\x81\x04abcd", "--deflate"))
        for fault, (parameter, frame) in {
            "no agreement": (None, right), "unknown": (b"x", right), "bits": (b"server_max_window_bits=16", right),
            "other bytes": (b"", right.replace(b"JN", b"JJ")), "not DEFLATE": (b"", b"\xc1\x04\xff\xff\xff\xff"),
            "too little": (b"", b"\xc1\x01\x00"),
        }.items():
            with self.subTest(fault):
                response = RESPONSE if parameter is None else negotiated % parameter
                self.assertEqual(1, self.status(response, frame, "--deflate"))

    def test_a_close_that_is_not_the_answer_to_ours_is_noticed(self):
        closing = ("--mode", "handshake", "--end", "close")
        self.assertEqual(0, self.status(RESPONSE, b"\x88\x02\x03\xe8", *closing, ends=True))
        for fault, reply in {"another code": b"\x88\x02\x03\xe9", "none, only the end": b"", "data": b"\x81\x04abcd\x88\x02\x03\xe8",
                             "more after it": b"\x88\x02\x03\xe8\x81\x04abcd"}.items():
            with self.subTest(fault):
                self.assertEqual(1, self.status(RESPONSE, reply, *closing, ends=True))


if __name__ == "__main__":
    suite.main("perftest", Serve, Loads, Faults)
