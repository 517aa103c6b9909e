#!/usr/bin/env python3
"""Counts a server's system calls per message under each load, by strace.

syscalls.py [--seconds N] [--only LOAD]... NAME=COMMAND...

Servers and loads are those of compare.py. What opening the connections takes is counted apart and taken off. strace makes calls slow,
so that more arrives between two of them: a server that reads and writes in batches has fewer calls here than unobserved.
"""
import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from compare import arguments_of, loads_of
from loads import LOADS
from servers import Server, ServerFailed, build_wsload, end_servers_on_sigterm, run_load

OPENS = ("handshake", "ramp", "10 a connection")  # loads whose messages, or units, are connections too
WORTH_MENTION = 0.005


class Strace:
    """Attached to a server while the block runs; then calls tells name -> count."""

    def __init__(self, pid):
        self.file = tempfile.NamedTemporaryFile("r", suffix=".strace")
        self.process = subprocess.Popen(["strace", "-c", "-f", "-o", self.file.name, "-p", str(pid)], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if "attached" not in line:
            sys.exit(f"syscalls.py: strace does not attach to the server, which root may, or a user where the Yama module is not "
                     f"strict (kernel.yama.ptrace_scope=0): {line.strip()}")
        self.calls = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()
        for line in self.file:  # % time, seconds, µs a call, calls, errors or nothing, name
            row = re.fullmatch(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)\s*", line)
            if row and row.group(2) != "total":
                self.calls[row.group(2)] = int(row.group(1))
        self.file.close()


def calls_of(server, arguments, seconds):
    server.settle()
    with Strace(server.pid) as strace:
        result = run_load(server, arguments, seconds, 0)
        server.settle()
    return strace.calls, result


def calls_per_message(server, load, arguments, seconds):
    run_load(server, arguments, 1, 0)  # warm
    before = {} if any(part in load for part in OPENS) else calls_of(server, arguments, 0)[0]
    calls, result = calls_of(server, arguments, seconds)
    if result is None:
        return None
    return {name: (count - before.get(name, 0)) / result["count"] for name, count in calls.items()}


def cell(calls):
    if calls is None:
        return "FAILED"
    worth = sorted((item for item in calls.items() if item[1] >= WORTH_MENTION), key=lambda item: -item[1])
    return f"{sum(calls.values()):.2f}: " + ", ".join(f"{name} {count:.2f}" for name, count in worth[:6])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", action="append", help="part of a load's name; may be repeated")
    parser.add_argument("servers", nargs="+", metavar="NAME=COMMAND")
    options = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("syscalls.py: strace is missing: install it (Debian: strace)")
    end_servers_on_sigterm()
    build_wsload()
    commands = dict(server.split("=", 1) for server in options.servers)
    cells = {}
    for name, command in commands.items():
        try:
            with Server(command) as server:
                for load, template in loads_of(name, LOADS, options.only).items():
                    cells[load, name] = cell(calls_per_message(server, load, arguments_of(name, template), options.seconds))
                    print(f"# {name}: {load}: {cells[load, name]}", file=sys.stderr, flush=True)
        except ServerFailed as e:
            sys.exit(str(e))
    print("| system calls a message | " + " | ".join(commands) + " |\n|---|" + "---|" * len(commands))
    for load in LOADS:
        if any((load, name) in cells for name in commands):
            print(f"| {load} | " + " | ".join(cells.get((load, name), "–") for name in commands) + " |")
    sys.exit("FAILED" in cells.values())


if __name__ == "__main__":
    main()
