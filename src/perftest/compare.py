#!/usr/bin/env python3
"""Measures servers side by side and prints the server's CPU time per message, as Markdown tables.

compare.py [OPTION...] NAME=COMMAND...

COMMAND gets a port appended, prints "ready" when it listens and ends on SIGTERM; "env X=y command" sets a variable, such as
JAVA_HOME or JAVA_OPTS. A NAME that begins with "raw" is sent the same bytes without WebSocket. The server has CPU 0, the load
generator CPU 1. Rounds are interleaved, in a new order each; a load warms up until the server's just-in-time compiler has been
quiet for three windows of a second (20 at most). A cell is the median over the rounds and, in brackets, the range; one error, wrong
byte or missing message makes it FAILED.

Example: ./compare.py raw-netty-tcp="./peer raw-netty-tcp" netty="./peer netty" hawser="env TRANSPORT=epoll ./serve"
"""
import argparse
import json
import os
import random
import sys

import machine
import plot
import tables
from loads import IDLE, LOADS
from servers import Server, ServerFailed, Tls, build_wsload, end_servers_on_sigterm, hold_load, run_load

WARM_UP_SECONDS = 1
WARM_UPS = 20
QUIET_WARM_UPS = 3
QUIET_COMPILER = 0.01  # of a CPU: what it takes where all that is hot is compiled


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of each load, after its warm-up")
    parser.add_argument("--only", action="append", help="part of a load's name; may be repeated")
    parser.add_argument("--threads", type=int, default=1, help="I/O threads of the servers, which get as many CPUs")
    parser.add_argument("--tls", action="store_true", help="all loads over TLS, with a certificate made for the run")
    parser.add_argument("--table", help="a Markdown file to write the tables to (target/compare.md)", default=tables.DEFAULT_FILE)
    parser.add_argument("--plot", help="an SVG file to draw the medians in")
    parser.add_argument("--out", help="a file for all figures, as JSON")
    parser.add_argument("servers", nargs="+", metavar="NAME=COMMAND")
    options = parser.parse_args()
    if not all("=" in server for server in options.servers):
        parser.error("a server is NAME=COMMAND")
    return options


def is_raw(name):
    return name.startswith("raw")


def loads_of(name, table, only):
    return {load: arguments for load, arguments in table.items()
            if (not only or any(part in load for part in only)) and not (is_raw(name) and "{raw}" not in arguments)}


def arguments_of(name, template):
    return template.format(raw="--raw" if is_raw(name) else "").split()


def warm_up(server, arguments):
    """A compiler at work has the server's CPU, so its time counts, and what it is compiling is not yet what runs."""
    quiet = 0
    for _ in range(WARM_UPS):
        server.settle()
        before = server.compiler_seconds()
        run_load(server, arguments, WARM_UP_SECONDS, 0.2)
        quiet = quiet + 1 if server.compiler_seconds() - before <= QUIET_COMPILER * WARM_UP_SECONDS else 0
        if quiet == QUIET_WARM_UPS:
            return


class Comparison:

    def __init__(self, options):
        self.options = options
        self.commands = dict(server.split("=", 1) for server in options.servers)
        self.tls = Tls() if options.tls else None
        self.results = {}  # load -> name -> a result for each round, None where it failed
        self.runtimes = {}  # name -> what runs it

    def report(self, round_, name, load, result):
        self.results.setdefault(load, {}).setdefault(name, []).append(result)
        print(tables.progress(round_, name, load, result), file=sys.stderr, flush=True)

    def start(self, name, **extra):
        server = Server(self.commands[name], self.options.threads, self.tls, **extra)
        self.runtimes[name] = server.runtime()
        return server

    def measure_loads(self, round_, name):
        loads = loads_of(name, LOADS, self.options.only)
        if not loads:
            return
        try:
            with self.start(name) as server:
                for load, template in loads.items():
                    arguments = arguments_of(name, template)
                    warm_up(server, arguments)
                    server.settle()
                    self.report(round_, name, load, run_load(server, arguments, self.options.seconds, 0.3))
        except ServerFailed as e:
            print(e, file=sys.stderr)
            for load in loads:
                if len(self.results.get(load, {}).get(name, [])) <= round_:
                    self.report(round_, name, load, None)

    def measure_idle(self, round_, name):
        """Each in a process of its own: what the sessions of one load left behind would be there for the next to use."""
        for load, template in loads_of(name, IDLE, self.options.only).items():
            try:
                with self.start(name, answers_heap=True) as server:
                    result = hold_load(server, arguments_of(name, template))
            except ServerFailed as e:
                print(e, file=sys.stderr)
                result = None
            self.report(round_, name, load, result)

    def run(self):
        for round_ in range(self.options.rounds):
            for name in random.sample(list(self.commands), len(self.commands)):
                self.measure_loads(round_, name)
                self.measure_idle(round_, name)


def main():
    options = parse_arguments()
    end_servers_on_sigterm()
    build_wsload()
    comparison = Comparison(options)
    before = machine.load_average()
    comparison.run()
    text = "\n".join([machine.preamble(options, comparison.runtimes, before),
                      tables.all_tables(comparison.results, list(comparison.commands))])
    print(text)
    os.makedirs(os.path.dirname(os.path.abspath(options.table)), exist_ok=True)
    with open(options.table, "w", encoding="utf-8") as f:
        f.write(text)
    if options.plot:
        with open(options.plot, "w", encoding="utf-8") as f:
            f.write(plot.svg(comparison.results, list(comparison.commands), machine.caption(options)))
    if options.out:
        with open(options.out, "w", encoding="utf-8") as f:
            json.dump(comparison.results, f)
    sys.exit(any(r is None for row in comparison.results.values() for runs in row.values() for r in runs))


if __name__ == "__main__":
    main()
