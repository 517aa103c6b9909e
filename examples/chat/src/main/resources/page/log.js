// What other people wrote enters the page here, and as text only.

const LONGEST = 500; // lines kept on the page

/** The list of messages: what is settled, then what still waits for its way to the server and back. */
export class Log {
  #scroll = document.getElementById("scroll");
  #list = document.getElementById("messages");
  #button = document.getElementById("newer");
  #following = true; // who reads at the end stays there; who scrolled up is left alone

  constructor() {
    this.#button.addEventListener("click", () => this.toEnd());
    this.#scroll.addEventListener("scroll", () => {
      this.#following = this.#isAtEnd();
      if (this.#following) this.#button.hidden = true;
    });
    const resized = new ResizeObserver(() => {
      if (this.#following) this.toEnd();
    });
    resized.observe(this.#scroll);
    resized.observe(this.#list);
  }

  clear() {
    this.#list.replaceChildren();
    this.#button.hidden = true;
  }

  toEnd() {
    this.#following = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
    this.#button.hidden = true;
  }

  event(text) {
    const line = element("li", "event", text);
    this.#insert(line);
  }

  message(user, text, at) {
    this.#insert(this.#bubble(user, text, at, false));
  }

  /** A message of our own that the server has not sent to the room yet. */
  pending(user, text) {
    const line = this.#bubble(user, text, Date.now(), true);
    line.classList.add("pending");
    this.#insert(line);
    this.toEnd();
    return line;
  }

  confirm(line, at) {
    line.classList.remove("pending");
    setTime(line.querySelector("time"), at);
    line.querySelector(".note")?.remove();
  }

  note(line, text, failed) {
    line.querySelector(".note")?.remove();
    line.querySelector(".bubble").append(element("p", "note", text));
    if (failed) {
      line.classList.remove("pending");
      line.classList.add("failed");
      this.#list.insertBefore(line, this.#firstPending());
    }
  }

  #bubble(user, text, at, own) {
    const line = element("li", own ? "message own" : "message");
    line.dataset.user = user;
    line.dataset.at = at;
    const meta = element("p", "meta");
    const time = element("time");
    setTime(time, at);
    meta.append(element("span", "author", own ? "You" : user), " ", time);
    const bubble = element("div", "bubble");
    const body = element("p", "text", text);
    body.dir = "auto";
    bubble.append(meta, body);
    line.append(avatar(user), bubble);
    return line;
  }

  #insert(line) {
    const next = line.classList.contains("pending") ? null : this.#firstPending();
    const previous = next ? next.previousElementSibling : this.#list.lastElementChild;
    line.classList.toggle("same", continues(line, previous));
    this.#list.insertBefore(line, next);
    while (this.#list.childElementCount > LONGEST) this.#list.firstElementChild.remove();
    if (!this.#following) this.#button.hidden = false;
  }

  #firstPending() {
    return this.#list.querySelector(".pending");
  }

  #isAtEnd() {
    return this.#scroll.scrollHeight - this.#scroll.scrollTop - this.#scroll.clientHeight < 48;
  }
}

/** Whether a line needs no name and time of its own, as it follows one of the same user's closely. */
function continues(line, previous) {
  const minutes = 3;
  return (
    Boolean(line.dataset.user) &&
    previous?.dataset.user === line.dataset.user &&
    line.dataset.at - previous.dataset.at < minutes * 60_000
  );
}

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

export function avatar(user) {
  const made = element("span", "avatar", Array.from(user)[0].toUpperCase());
  let hue = 7;
  for (const character of user) hue = (hue * 31 + character.codePointAt(0)) % 360;
  made.style.setProperty("--hue", hue);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function setTime(time, at) {
  const date = new Date(at);
  time.dateTime = date.toISOString();
  time.textContent = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
