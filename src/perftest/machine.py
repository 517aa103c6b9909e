"""What a table must say about how it was made."""
import datetime
import os
import platform
import re
import shlex
import subprocess
import sys

from servers import HERE, cpus


def load_average():
    return os.getloadavg()[0]


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        found = re.search(r"model name\s*: (.*)", f.read())
    return found.group(1) if found else platform.machine()


def commit():
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, text=True).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if git("status", "--porcelain") else "")


def today():
    return datetime.date.today().isoformat()


def placement(options):
    server, generator = cpus(options.threads)
    shared = ", which it shares with the server" if generator in server.split("-") else ""
    threads = "one I/O thread" if options.threads == 1 else f"{options.threads} I/O threads"
    return f"{threads}, the server on CPU {server}, the generator on CPU {generator}{shared}" + (
        ", TLS 1.3 with AES-128-GCM" if options.tls else "")


def preamble(options, runtimes, load_before):
    runs = "; ".join(f"{name}: {runtime}" for name, runtime in runtimes.items())
    command = "./compare.py " + shlex.join(sys.argv[1:])
    return "\n".join([
        f"{today()}, commit {commit()}, {os.cpu_count()} CPUs ({cpu_model()}), {platform.system()} {platform.release()};",
        f"{placement(options)}; medians of {options.rounds} rounds and their range; load average {load_before:.1f} at the",
        f"start, {load_average():.1f} at the end.",
        f"{runs}.", "", "```", command, "```", ""])


def caption(options):
    return f"{today()}, {cpu_model()}, {placement(options)}, medians of {options.rounds} rounds"
