"""Starting a server that is to be measured, asking it and its process, and running wsload against it."""
import glob
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "..", "target")
WSLOAD = os.path.join(TARGET, "wsload")
START_SECONDS = 60
HEAP_SECONDS = 60
COMPILERS = re.compile("C[12] Compiler|JITWorker|V8Worker")  # threads' names of a JVM, bun and Node.js
OPEN_SECONDS = 80  # for the sessions of a load to open, and more


class ServerFailed(Exception):
    pass


def build_wsload():
    subprocess.run([os.path.join(HERE, "wsload", "build")], check=True)


def end_servers_on_sigterm():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which leaves the blocks that servers run in


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpus(threads):
    """The CPUs of the server and of the generator: apart, unless there are too few."""
    last = os.cpu_count() - 1
    return (f"0-{min(threads - 1, last)}" if threads > 1 else "0"), str(min(threads, last))


class Tls:
    """A certificate for 127.0.0.1, signed by itself."""

    def __init__(self):
        os.makedirs(TARGET, exist_ok=True)
        self.certificate = os.path.abspath(os.path.join(TARGET, "perftest-certificate.pem"))
        self.key = os.path.abspath(os.path.join(TARGET, "perftest-key.pem"))
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                   "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key, "-out", self.certificate]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except FileNotFoundError:
            sys.exit("compare.py: --tls makes a certificate with the program openssl: install it (Debian: openssl)")


class Server:
    """A running server; ends with the block that it is used in."""

    def __init__(self, command, threads=1, tls=None, answers_heap=False):
        self.command, self.tls, self.port = command, tls, free_port()
        self.generator_cpu = cpus(threads)[1]
        environment = dict(os.environ)
        if tls:
            environment.update(TLS_CERTIFICATE=tls.certificate, TLS_KEY=tls.key)
        if answers_heap:
            environment["HEAP_ON_STDIN"] = "1"
        arguments = f"{self.port} {threads}" if threads > 1 else f"{self.port}"
        shell = f"ulimit -n 20000; exec {command} {arguments}"
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(["taskset", "-c", cpus(threads)[0], "bash", "-c", shell], cwd=HERE, env=environment,
                                        stdin=subprocess.PIPE, stdout=self.log, stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        if not self.await_output("ready", START_SECONDS):
            self.process.kill()
            raise ServerFailed(f"{command}: not ready\n{self.output()[-500:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def await_output(self, pattern, seconds, count=1):
        """The pattern's last occurrence when there are as many, or None."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.findall(pattern, self.output())
            if len(found) >= count:
                return found[-1]
            time.sleep(0.05)
        return None

    def executable(self):
        return os.readlink(f"/proc/{self.pid}/exe")

    def runtime(self):
        """What the process runs on, as in "JDK 17.0.15, ParallelGC"."""
        path = self.executable()
        name = os.path.basename(path).removesuffix(".exe")  # as bun calls itself here
        if name in ("bun", "node"):
            return f"{name} {subprocess.run([path, '--version'], capture_output=True, text=True).stdout.strip()}"
        if name != "java":
            return name
        try:
            with open(os.path.join(os.path.dirname(path), "..", "release"), encoding="utf-8") as f:
                version = "JDK " + re.search(r'JAVA_VERSION="(.*?)"', f.read()).group(1)
        except (OSError, AttributeError):
            version = "JDK"
        with open(f"/proc/{self.pid}/cmdline", encoding="utf-8") as f:
            collectors = re.findall(r"-XX:\+Use(\w+GC)\0", f.read())
        return ", ".join([version, *collectors])

    def cpu_seconds(self):
        return time.clock_gettime(~self.pid << 3 | 2)  # the clock of a process, as clock_getcpuclockid(3) makes its number

    def compiler_seconds(self):
        """The CPU time of the threads that compile; of one that has ended in between, the time is gone."""
        total = 0
        for task in glob.glob(f"/proc/{self.pid}/task/*"):
            try:
                with open(f"{task}/comm", encoding="utf-8") as name, open(f"{task}/schedstat", encoding="utf-8") as times:
                    total += int(times.read().split()[0]) if COMPILERS.match(name.read()) else 0
            except OSError:
                pass
        return total / 1e9

    def settle(self):
        """Waits until the server has done what the last load left it to do: until it is idle, at most 10 seconds."""
        deadline, last = time.monotonic() + 10, self.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.cpu_seconds()
            if now - last < 0.005:
                return
            last = now

    def live_heap_kb(self):
        """What is left of a JVM's heap after full collections, as the server itself says; None if it has no such heap."""
        if os.path.basename(self.executable()) != "java":
            return None
        answers = len(re.findall(r"heap \d+", self.output()))
        self.process.stdin.write(b"heap\n")
        self.process.stdin.flush()
        answer = self.await_output(r"heap (\d+)\n", HEAP_SECONDS, answers + 1)
        if answer is None:
            raise ServerFailed(f"{self.command}: no answer to \"heap\"")
        return int(answer) / 1024

    def rss_kb(self):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))

    def wsload(self, arguments):
        command = ["taskset", "-c", self.generator_cpu, WSLOAD, "--port", str(self.port), "--pid", str(self.pid), *arguments]
        return command + (["--tls", self.tls.certificate] if self.tls else [])


def run_load(server, arguments, seconds, warmup):
    """One run of wsload, or None if anything at all went wrong in it."""
    command = server.wsload(["--seconds", str(seconds), "--warmup", str(warmup), *arguments])
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + warmup + OPEN_SECONDS)
        result = json.loads(run.stdout)
    except subprocess.TimeoutExpired:
        return None
    except ValueError:
        print(run.stderr.strip(), file=sys.stderr)
        return None
    if run.returncode != 0:
        print(run.stderr.strip(), file=sys.stderr)
        return None
    if seconds and not result["count"]:
        print("wsload: not one of what is counted came back", file=sys.stderr)
    whole = result["mode"] in ("ramp", "idle") or result["seconds"] > 0.9 * seconds
    return result if result["count"] and whole else None


def hold_load(server, arguments, warmup_conns=500):
    """What sessions that are there but idle take of the server's memory, each, in KB. A few have been there before them."""
    if run_load(server, [*arguments, "--conns", str(warmup_conns)], 1, 0) is None:
        return None
    server.settle()
    heap, rss = server.live_heap_kb(), server.rss_kb()
    generator = subprocess.Popen(server.wsload([*arguments, "--hold"]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        line = generator.stdout.readline()  # when all are open and have exchanged their messages
        result = json.loads(line)
        server.settle()
        result["heap_kb"] = None if heap is None else (server.live_heap_kb() - heap) / result["conns"]
        result["rss_kb"] = (server.rss_kb() - rss) / result["conns"]
        generator.stdin.close()
        return result if generator.wait(20) == 0 and result["open"] == result["conns"] else None
    except (ValueError, subprocess.TimeoutExpired):
        return None
    finally:
        generator.kill()
        generator.wait()
