"""Headless Chromium, told what to do through chromedriver by the W3C WebDriver protocol, which is JSON over HTTP."""
import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

# Root cannot have Chromium's sandbox; the rest keeps it from asking hosts of its vendor's.
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--ignore-certificate-errors",
]
SCRIPT_SECONDS = 60


class Browser:
    """One browser with a fresh profile. Use it in a with statement."""

    def __enter__(self):
        self._profile = tempfile.mkdtemp(prefix="hawser-chromium-")
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._address = f"http://127.0.0.1:{self._read_port()}"
        try:
            # Named, because chromedriver would rather take a Chrome where there is one.
            options = {"binary": shutil.which("chromium"), "args": ARGUMENTS + [f"--user-data-dir={self._profile}"]}
            capabilities = {"browserName": "chrome", "goog:chromeOptions": options}
            session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
            self._session = f"/session/{session['sessionId']}"
            self._call("POST", f"{self._session}/timeouts", {"script": SCRIPT_SECONDS * 1000})
        except BaseException:
            self._end_driver()
            raise
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", self._session)
        finally:
            self._end_driver()

    def _read_port(self):
        for line in self._driver.stdout:
            if "successfully on port" in line:
                return int(line.rstrip(".\n").rsplit(" ", 1)[1])
        raise RuntimeError("chromedriver did not start")

    def _end_driver(self):
        self._driver.terminate()
        self._driver.wait(10)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self._address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=SCRIPT_SECONDS + 30) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as e:
            raise RuntimeError(json.load(e)["value"]["message"]) from None

    def open(self, url):
        self._call("POST", f"{self._session}/url", {"url": url})

    def new_window(self):
        """Opens another window and goes there. Returns its handle."""
        handle = self._call("POST", f"{self._session}/window/new", {"type": "window"})["handle"]
        self.switch_to(handle)
        return handle

    def close_window(self):
        self._call("DELETE", f"{self._session}/window")

    def window(self):
        return self._call("GET", f"{self._session}/window")

    def switch_to(self, handle):
        self._call("POST", f"{self._session}/window", {"handle": handle})

    def run(self, script, *arguments):
        """The value of a script that is the body of a function; its arguments are in `arguments`."""
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """What the promise of an async function's body comes to."""
        wrapped = (
            "const done = arguments[arguments.length - 1];"
            f"(async (...args) => {{ {script} }})(...Array.from(arguments).slice(0, -1))"
            ".then(value => done({value}), error => done({error: String(error && error.stack || error)}));")
        outcome = self._call("POST", f"{self._session}/execute/async", {"script": wrapped, "args": list(arguments)})
        if "error" in outcome:
            raise AssertionError(outcome["error"])
        return outcome.get("value")
