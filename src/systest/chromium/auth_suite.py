"""The auth example in headless Chromium: signing in, expiry and refreshing, a restart, and what a page is told when it is refused."""
import os
import tempfile
import unittest

import suite
from browser import Browser
from example import Example, Page

PASSWORDS = {"ada": "engine-1843", "bob": "packets-1974", "eve": "only-listening"}


class AuthPage(Page):
    """In a browser of its own, for a cookie is its browser's."""

    PRELUDE = """
        const refreshes = () => Number(document.documentElement.dataset.refreshes);
        const lines = () => Array.from($("log").children, line => line.textContent);
        const reason = () => $("banner").hidden ? "" : $("reason").textContent;
    """

    def __init__(self, browser, url):
        super().__init__(browser)
        self.open(url)

    def open(self, url):
        self._browser.open(url)

    def try_to_sign_in(self, user, password, way="token"):
        self.run("""
            $("user").value = args[0];
            $("password").value = args[1];
            document.querySelector(`input[value=${args[2]}]`).checked = true;
            $("entry").requestSubmit();""", user, password, way)

    def sign_in(self, user, way="token"):
        self.try_to_sign_in(user, PASSWORDS[user], way)
        self.until('connection() === "live"')


class Case(unittest.TestCase):

    TOKEN_SECONDS = 0

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="hawser-auth-")
        cls.addClassCleanup(directory.cleanup)
        keys = os.path.join(directory.name, "keys.json")  # that outlive the process
        cls.server = Example(
            os.environ["SUITE_AUTH_JAR"], AUTH_KEYS=keys, AUTH_TOKEN_SECONDS=str(cls.TOKEN_SECONDS))
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.server.start()  # where a test that failed has left it stopped

    def page(self):
        browser = Browser()
        browser.__enter__()
        self.addCleanup(browser.__exit__, None, None, None)
        return AuthPage(browser, self.server.url)


class ShortTokens(Case):
    """Tokens that end in the midst of a test."""

    TOKEN_SECONDS = 4

    def test_a_connection_outlives_its_token_by_refreshing(self):
        page = self.page()
        page.sign_in("bob")
        page.until("refreshes() >= 3")  # in no less than 13 s: the first token is good for 9, the leeway included
        page.say("still here")
        page.until('lines().includes("bob: still here")')
        self.assertEqual("", page.run("return reason();"))

    def test_a_connection_whose_token_is_not_refreshed_is_ended_and_comes_back_with_a_new_one(self):
        page = self.page()
        page.run("window.fetched = 0; const real = fetch; let blocked = true;"
                 "window.unblock = () => { blocked = false; };"
                 "window.fetch = (path, options) => blocked && path === 'token' && window.fetched++ > 0"
                 " ? Promise.reject(new TypeError('no network')) : real(path, options);")
        page.sign_in("bob")
        page.until('connection() !== "live" && reason().includes("1008")')
        page.run("unblock();")
        page.until('connection() === "live"')


class LongTokens(Case):
    """Tokens that outlive a restart."""

    TOKEN_SECONDS = 120

    def test_who_signs_in_hears_and_is_heard_by_token_and_by_cookie(self):
        ada, bob = self.page(), self.page()
        ada.sign_in("ada", "token")
        bob.sign_in("bob", "cookie")
        self.assertEqual(["ada", "admin, writer"], ada.run('return [$("who").textContent, $("roles").textContent];'))
        ada.say("by token")
        bob.until('lines().includes("ada: by token")')
        bob.say("<b>by cookie</b>")
        ada.until('lines().includes("bob: <b>by cookie</b>")')
        self.assertEqual(0, ada.run('return $("log").querySelectorAll("b").length;'))

    def test_the_cookie_is_out_of_reach_of_scripts_and_signs_in_again_by_itself(self):
        page = self.page()
        page.sign_in("bob")
        self.assertEqual("", page.run("return document.cookie;"))
        page.open(self.server.url)
        page.until('connection() === "live" && $("who").textContent === "bob"')

    def test_a_wrong_password_is_told_and_lets_nobody_in(self):
        page = self.page()
        page.try_to_sign_in("ada", "guess")
        page.until('$("entry-error").textContent === "Name or password is wrong."')
        self.assertEqual(["idle", "door"], page.run("return [connection(), document.documentElement.dataset.view];"))

    def test_what_is_not_permitted_ends_the_connection_and_the_page_says_why(self):
        page = self.page()
        page.sign_in("eve")
        page.say("may I?")
        page.until('connection() === "closed"')
        self.assertEqual(
            "The server closed the connection (4003): that needs the role writer.", page.run("return reason();"))
        page.run('$("retry").click();')
        page.until('connection() === "live"')

    def test_a_page_comes_back_by_itself_after_a_restart_with_its_token(self):
        ada, bob = self.page(), self.page()
        for page, user in ((ada, "ada"), (bob, "bob")):
            page.sign_in(user)
        self.assertIn(self.server.stop(), (0, 143))  # 143: SIGTERM, after its shutdown hooks
        for page in (ada, bob):
            page.until('["waiting", "connecting"].includes(connection()) && reason().includes("1001")')
        self.server.start()
        for page in (ada, bob):
            page.until('connection() === "live" && reason() === ""')
        ada.say("here again")
        bob.until('lines().includes("ada: here again")')

    def test_a_page_whose_login_the_restart_has_ended_is_told_to_sign_in_and_can(self):
        page = self.page()
        page.sign_in("bob", "cookie")
        self.server.stop()
        self.server.start()
        page.until('connection() === "closed" && document.documentElement.dataset.view === "door"')
        self.assertEqual("The server refused (4401): sign in again: not valid.", page.run("return reason();"))
        page.sign_in("bob", "cookie")
        self.assertEqual("", page.run("return reason();"))

    def test_who_is_signed_out_by_an_administrator_sees_it_at_once(self):
        ada, bob = self.page(), self.page()
        bob.sign_in("bob")
        ada.sign_in("ada", "cookie")
        ada.run('$("other").value = "bob"; $("others").requestSubmit();')
        bob.until('connection() === "closed" && document.documentElement.dataset.view === "door"')
        self.assertEqual("The server refused (4401): sign in again: signed out.", bob.run("return reason();"))
        ada.run('$("leave").click();')
        ada.until('reason().includes("signed out")')


if __name__ == "__main__":
    suite.main("auth", ShortTokens, LongTokens)
