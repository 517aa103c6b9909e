#!/usr/bin/env python3
"""Measures servers side by side and prints the server's CPU time per message, a Markdown table.

compare.py [--rounds N] [--only LOAD] [--out FILE] NAME=COMMAND...

COMMAND gets a port appended, prints "ready" when it listens and ends on SIGTERM; "env X=y command" sets a variable. A NAME that
begins with "raw" is sent the same bytes without WebSocket. The server has CPU 0, the load generator CPU 1. Rounds are interleaved,
in a new order each; a load warms up until two windows of a second agree within 5 % (12 at most), so that a JIT is measured when it
is done. A cell is the median over the rounds and, in brackets, the range; one error, wrong byte or missing message makes it FAILED.

Example: ./compare.py raw-netty-tcp="./peer raw-netty-tcp" netty="./peer netty" hawser="env TRANSPORT=epoll ./serve"
"""
import argparse
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WSLOAD = os.path.join(HERE, "..", "..", "target", "wsload")
LOADS = {  # name: arguments of wsload; {mode} is echo, or tcp for the raw ones
    "ping-pong 128 B ×100": "--mode {mode} --conns 100 --size 128",
    "fixed 20,000/s 128 B ×100": "--mode {mode} --conns 100 --size 128 --rate 20000",
    "pipelined 128 B ×100, window 16": "--mode {mode} --conns 100 --size 128 --window 16",
    "text 1 KiB ×100, window 4": "--mode {mode} --conns 100 --size 1024 --window 4",
    "binary 64 KiB ×10, window 2": "--mode {mode} --conns 10 --size 65536 --window 2 --bin",
    "binary 1 MiB ×4": "--mode {mode} --conns 4 --size 1048576 --bin",
    "broadcast 128 B to 1,000, a delivery": "--mode broadcast --path /broadcast --conns 1000 --size 128 --window 4",
    "handshake ×50": "--mode handshake --conns 50",
}
WEBSOCKET_ONLY = ("broadcast", "handshake")


def build_wsload():
    source = os.path.join(HERE, "wsload.c")
    if not os.path.exists(WSLOAD) or os.path.getmtime(WSLOAD) < os.path.getmtime(source):
        os.makedirs(os.path.dirname(WSLOAD), exist_ok=True)
        subprocess.run(["cc", "-O2", "-o", WSLOAD, source], check=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(command):
    port, log = free_port(), tempfile.TemporaryFile("w+")
    shell = f"ulimit -n 20000; exec {command} {port}"
    server = subprocess.Popen(["taskset", "-c", "0", "bash", "-c", shell], stdout=log, stderr=subprocess.STDOUT)
    deadline = time.time() + 60
    while time.time() < deadline and server.poll() is None:
        log.seek(0)
        if "ready" in log.read():
            return server, port
        time.sleep(0.05)
    log.seek(0)
    tail = log.read()[-500:]
    server.kill()
    raise RuntimeError(f"{command}: not ready\n{tail}")


def stop(server):
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def run_load(port, server, arguments, seconds, warmup):
    """One run of wsload, or None if anything at all went wrong in it."""
    command = ["taskset", "-c", "1", WSLOAD, "--port", str(port), "--pid", str(server.pid)]
    command += ["--seconds", str(seconds), "--warmup", str(warmup), *arguments.split()]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + warmup + 80)
        result = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    if run.returncode != 0:
        print(run.stderr.strip(), file=sys.stderr)
        return None
    return result if result["count"] and result["seconds"] > 0.9 * seconds else None


def warm_up(port, server, arguments):
    last = None
    for _ in range(12):
        result = run_load(port, server, arguments, 1, 0.2)
        if result and last and abs(result["server_us_per"] - last) <= 0.05 * last:
            return
        last = result["server_us_per"] if result else None


def measure(port, server, name, loads, seconds, report):
    mode = "tcp" if name.startswith("raw") else "echo"
    for load, template in loads.items():
        arguments = template.format(mode=mode)
        warm_up(port, server, arguments)
        report(load, run_load(port, server, arguments, seconds, 0.3))


def loads_of(name, only):
    raw = name.startswith("raw")
    return {load: arguments for load, arguments in LOADS.items()
            if (not only or only in load) and not (raw and load.startswith(WEBSOCKET_ONLY))}


def line(round_, name, load, r):
    figures = "FAILED" if r is None else (
        f"{r['server_us_per']:9.3f} us {r['per_s']:9}/s p99 {r['p99_us']:7} us"
        f" server {r['server_cpu']:.2f} generator {r['client_cpu']:.2f}")
    return f"# {round_} {name:18} {load:38} {figures}"


def cell(runs):
    if any(r is None for r in runs):
        return "FAILED"
    values = [r["server_us_per"] for r in runs]
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def table(results, names):
    rows = ["| server CPU, µs a message | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for load in LOADS:
        if load in results:
            cells = [cell(results[load][n]) if n in results[load] else "–" for n in names]
            rows.append(f"| {load} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", help="part of a load's name")
    parser.add_argument("--out", help="a file for all figures, as JSON")
    parser.add_argument("servers", nargs="+", metavar="NAME=COMMAND")
    options = parser.parse_args()
    build_wsload()
    servers = dict(s.split("=", 1) for s in options.servers)
    results = {}
    for round_ in range(options.rounds):
        for name in random.sample(list(servers), len(servers)):
            loads = loads_of(name, options.only)

            def report(load, result):
                results.setdefault(load, {}).setdefault(name, []).append(result)
                print(line(round_, name, load, result), file=sys.stderr, flush=True)

            try:
                server, port = start(servers[name])
            except RuntimeError as e:
                print(e, file=sys.stderr)
                for load in loads:
                    report(load, None)
                continue
            try:
                measure(port, server, name, loads, options.seconds, report)
            finally:
                stop(server)
    print(table(results, list(servers)))
    if options.out:
        with open(options.out, "w") as f:
            json.dump(results, f)
    sys.exit(any(r is None for row in results.values() for runs in row.values() for r in runs))


if __name__ == "__main__":
    main()
