"""What the suites written in Python share: where the server is, a port for another, what to send, and the closing line that says how it went."""
import os
import random
import socket
import ssl
import sys
import unittest

URLS = {"ws": os.environ["SUITE_WS_URL"], "wss": os.environ["SUITE_WSS_URL"]}


def tls_context(url):
    if not url.startswith("wss:"):
        return None
    return ssl.create_default_context(cafile=os.environ["SUITE_CERTIFICATE"])


def free_port():
    """One that is free on all addresses: the examples listen on all."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]


def mixed_messages(count, max_bytes):
    """Text and binary by turns, of all sizes up to a maximum, the edges of the three length forms among them."""
    chance = random.Random(6455)
    edges = [edge for edge in (0, 1, 125, 126, 127, 65_535, 65_536) if edge <= max_bytes]
    messages = []
    for i in range(count):
        size = edges[i // 2] if i // 2 < len(edges) else chance.randrange(max_bytes)
        if i % 2:
            messages.append("0123456789 äöü€😀 " * (size // 25) + "x" * (size % 25))
        else:
            messages.append(chance.randbytes(size))
    return messages


class CountingResult(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(name, *cases):
    """Runs test cases; the last line is "NAME: N passed, N failed". A skipped test has failed."""
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in cases)
    expected = suite.countTestCases()
    runner = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=CountingResult)
    passed = runner.run(suite).passed
    print(f"{name}: {passed} passed, {expected - passed} failed", flush=True)
    sys.exit(passed == 0 or passed < expected)
