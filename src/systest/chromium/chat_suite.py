"""The chat example in two windows of headless Chromium."""
import os
import unittest

import suite
from browser import Browser
from example import Example, Page


class Window(Page):
    """One window of the browser with the chat's page in it."""

    PRELUDE = """
        const texts = () => Array.from($("messages").querySelectorAll(".message .text"), text => text.textContent);
        const events = () => Array.from($("messages").querySelectorAll(".event"), line => line.textContent);
        const people = () => Array.from($("people").querySelectorAll(".name"), name => name.textContent);
    """

    def __init__(self, browser, url):
        super().__init__(browser)
        self._handle = browser.new_window()
        browser.open(url)

    def run(self, script, *arguments):
        self._browser.switch_to(self._handle)
        return super().run(script, *arguments)

    def join(self, user, room):
        self.run('$("user").value = args[0]; $("room").value = args[1]; $("entry").requestSubmit();', user, room)
        self.until('connection() === "joined"')

    def close(self):
        self._browser.switch_to(self._handle)
        self._browser.close_window()


class ChatSuite(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.chat = Example(os.environ["SUITE_CHAT_JAR"])
        cls.chat.start()
        cls.addClassCleanup(cls.chat.stop)
        cls.browser = Browser()
        cls.browser.__enter__()
        cls.addClassCleanup(cls.browser.__exit__, None, None, None)
        cls.first = cls.browser.window()

    def setUp(self):
        self.chat.start()  # where a test that failed has left it stopped

    def window(self):
        window = Window(self.browser, self.chat.url)
        self.addCleanup(self.browser.switch_to, self.first)
        self.addCleanup(window.close)
        return window

    def test_two_windows_in_a_room_see_each_other_and_what_each_says(self):
        ada, bob = self.window(), self.window()
        ada.join("ada", "salon")
        bob.join("bob", "salon")
        for window in (ada, bob):
            window.until('people().join() === "ada,bob"')
        ada.until('events().includes("bob joined")')
        ada.say("hello, bob")
        bob.until('texts().join() === "hello, bob"')
        bob.say("hello, ada €😀")
        for window in (ada, bob):
            window.until('texts().join() === "hello, bob,hello, ada €😀"')
            window.until('!document.querySelector(".pending, .failed")')
        bob.run('$("leave").click();')
        ada.until('events().includes("bob left")')

    def test_a_room_is_read_by_its_members_only(self):
        ada, eve = self.window(), self.window()
        ada.join("ada", "private")
        eve.join("eve", "elsewhere")
        ada.say("between us")
        ada.until('texts().length === 1 && !document.querySelector(".pending")')
        eve.say("anybody?")
        eve.until('texts().length === 1 && !document.querySelector(".pending")')
        self.assertEqual(["anybody?"], eve.run("return texts();"))
        self.assertEqual(["between us"], ada.run("return texts();"))

    def test_what_others_write_is_shown_as_text_and_never_run(self):
        markup = '<img src=x onerror="window.harmed = true"><script>window.harmed = true</script>'
        mallory, ada = self.window(), self.window()
        mallory.join("mallory", "markup")
        ada.join("ada", "markup")
        mallory.say(markup)
        ada.until("texts().length === 1")
        self.assertEqual([markup], ada.run("return texts();"))
        for window in (mallory, ada):
            self.assertEqual(
                [0, False], window.run('return [$("chat").querySelectorAll("img, script, b").length, "harmed" in window];'))

    def test_a_name_that_is_taken_is_refused_on_the_page(self):
        ada, other = self.window(), self.window()
        ada.join("ada", "names")
        other.run('$("user").value = "ada"; $("room").value = "names"; $("entry").requestSubmit();')
        other.until('$("entry-error").textContent !== "" && !$("door").hidden')

    def test_windows_come_back_after_a_restart_and_send_what_was_typed_meanwhile(self):
        ada, bob = self.window(), self.window()
        ada.join("ada", "restart")
        bob.join("bob", "restart")
        ada.say("before")
        bob.until('texts().join() === "before"')
        self.assertIn(self.chat.stop(), (0, 143))  # 143: SIGTERM, after its shutdown hooks
        for window in (ada, bob):
            window.until('["waiting", "connecting"].includes(connection()) && !$("banner").hidden')
        ada.say("meanwhile 1")
        ada.say("meanwhile 2")
        ada.until('document.querySelectorAll(".pending").length === 2')
        self.chat.start()
        for window in (ada, bob):
            window.until('connection() === "joined" && $("banner").hidden')
        ada.until('!document.querySelector(".pending, .failed")')
        # Bob may have come back after Ada had spoken: a chat has no history. What he hears from now on is in order.
        ada.say("after")
        bob.until('texts().at(-1) === "after"')
        self.assertEqual(["before", "meanwhile 1", "meanwhile 2", "after"], ada.run("return texts();"))
        heard = bob.run("return texts();")
        self.assertEqual([text for text in ada.run("return texts();") if text in heard], heard)

    def test_a_page_gives_up_after_ten_tries_and_comes_back_at_a_click(self):
        ada = self.window()
        ada.join("ada", "patience")
        ada.run("Math.random = () => 0;")  # no waiting between tries
        self.chat.stop()
        ada.until('connection() === "given-up"')
        self.assertIn("10 tries", ada.run('return $("banner-text").textContent;'))
        self.chat.start()
        ada.run('$("retry").click();')
        ada.until('connection() === "joined"')


if __name__ == "__main__":
    suite.main("chat", ChatSuite)
