"""What the suites of the examples share: an example as a process, and its page in Chromium."""
import os
import signal
import subprocess

import suite

PRELUDE = """
    const $ = id => document.getElementById(id);
    const until = condition => new Promise((resolve, reject) => {
        const deadline = Date.now() + 30000;
        const look = () => {
            const value = condition();
            if (value) resolve(value);
            else if (Date.now() > deadline) reject(new Error("never: " + condition + " in " + document.body.innerText));
            else setTimeout(look, 20);
        };
        look();
    });
    const connection = () => document.documentElement.dataset.connection;
    const say = text => { $("text").value = text; $("composer").requestSubmit(); };
"""


class Example:
    """The example as a process. It can go away and come back on its port."""

    def __init__(self, jar, **environment):
        java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
        self._port = suite.free_port()
        self._command = [java, "-jar", jar, str(self._port)]
        self._environment = dict(os.environ, **environment)
        self._process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}/"

    def start(self):
        """Unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self._process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.PIPE, text=True)
        for line in self._process.stdout:
            if line.startswith("Open http"):
                return
        raise RuntimeError("the example did not start")

    def stop(self):
        """As an init system does. Returns the exit status."""
        self._process.send_signal(signal.SIGTERM)
        self._process.stdout.read()
        return self._process.wait(30)


class Page:
    """The example's page in a browser."""

    PRELUDE = ""

    def __init__(self, browser):
        self._browser = browser

    def run(self, script, *arguments):
        return self._browser.run_async(PRELUDE + self.PRELUDE + script, *arguments)

    def until(self, condition):
        self.run(f"await until(() => {condition});")

    def say(self, text):
        self.run("say(args[0]);", text)
