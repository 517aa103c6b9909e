"""The server of src/perftest as those who measure it start it: on every transport, until SIGTERM."""
import os
import pathlib
import signal
import socket
import subprocess
import unittest

import websockets.sync.client

import suite

SERVE = pathlib.Path(__file__).parents[2] / "perftest" / "serve"
PATIENCE_SECONDS = 40


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, path):
    return websockets.sync.client.connect(f"ws://127.0.0.1:{port}{path}", open_timeout=PATIENCE_SECONDS, max_size=None)


class Serve(unittest.TestCase):

    def check(self, transport):
        port = free_port()
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


if __name__ == "__main__":
    suite.main("perftest", Serve)
