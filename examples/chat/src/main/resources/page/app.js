// The browser's part of the chat. What other people wrote enters the page as text only, never as markup.

const SETTINGS = {
  firstDelay: 500, // ms; doubles with each try
  longestDelay: 15_000, // ms
  tries: 10, // in a row, then a button
  patience: 10_000, // ms for a connection to open, and for a message of ours to come back
  queued: 50, // messages typed without a connection
  shown: 500, // lines kept on the page
};

const $ = (id) => document.getElementById(id);
const root = document.documentElement;

/** A WebSocket that comes back: exponential backoff with full jitter, until it gives up. */
class Connection {
  #url;
  #on;
  #socket = null;
  #timer = 0;
  #failures = 0;

  constructor(url, on) {
    this.#url = url;
    this.#on = on;
  }

  /** Connects now, with all tries ahead. */
  start() {
    this.#failures = 0;
    this.#open();
  }

  /** To be called when the other side is known to work: the next failure begins with a short delay again. */
  steady() {
    this.#failures = 0;
  }

  send(message) {
    this.#socket?.send(JSON.stringify(message));
  }

  stop(state = "idle") {
    this.#drop(1000);
    this.#on.state(state, {});
  }

  /** Does not wait for a closing handshake: who gives no answer would not answer that either. */
  lost() {
    this.#drop(4000);
    if (this.#failures >= SETTINGS.tries) {
      this.#on.state("given-up", { tries: this.#failures });
      return;
    }
    const longest = Math.min(SETTINGS.longestDelay, SETTINGS.firstDelay * 2 ** this.#failures);
    const delay = Math.random() * longest;
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#open(), delay);
    this.#on.state("waiting", { delay, tries: this.#failures });
  }

  #open() {
    this.#drop(1000);
    this.#on.state("connecting", { tries: this.#failures });
    const socket = new WebSocket(this.#url);
    const current = (action) => (event) => {
      if (socket === this.#socket) action(event);
    };
    this.#socket = socket;
    this.#timer = setTimeout(() => this.lost(), SETTINGS.patience);
    socket.onopen = current(() => {
      clearTimeout(this.#timer);
      this.#on.open();
    });
    socket.onmessage = current((event) => this.#on.message(JSON.parse(event.data)));
    socket.onclose = current((event) => (this.#on.refused(event.code) ? this.stop("taken") : this.lost()));
  }

  #drop(code) {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }
}

/** The list of messages: what is settled, then what still waits for its way to the server and back. */
class Log {
  #scroll = $("scroll");
  #list = $("messages");
  #button = $("newer");
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
    while (this.#list.childElementCount > SETTINGS.shown) this.#list.firstElementChild.remove();
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

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function avatar(user) {
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

/** Storage may be forbidden; then names and keys live as long as the page. */
function stored(storage, key, value) {
  try {
    if (value === undefined) return window[storage].getItem(key) ?? "";
    window[storage].setItem(key, value);
  } catch {
    // as said above
  }
  return value ?? "";
}

/** Proves that a connection which comes back is the one that holds our name. */
function seatKey() {
  const known = stored("sessionStorage", "hawser-chat-key");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return stored("sessionStorage", "hawser-chat-key", Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(""));
}

function socketUrl() {
  const url = new URL("chat", document.baseURI); // relative: a proxy may serve the page below a path of its own
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

const log = new Log();
const key = seatKey();
const people = new Set();
const queue = []; // typed, not sent: { text, line }
const sent = []; // sent, not come back: { text, line, timer }
let user = "";
let room = "";
let joined = false;
let unread = 0;

const connection = new Connection(socketUrl(), {
  open: () => connection.send({ type: "join", room, user, key }),
  refused: (code) => code === 4001,
  state: showState,
  message: receive,
});

function receive(message) {
  if (message.type === "error") {
    refuse(message);
  } else if (message.room === room) {
    ({ joined: onJoined, "user-joined": onUserJoined, "user-left": onUserLeft, message: onMessage })[message.type]?.(message);
  }
}

function onJoined(message) {
  const again = root.dataset.view === "chat"; // the view changes with the first answer
  joined = true;
  people.clear();
  message.users.forEach((name) => people.add(name));
  showPeople();
  connection.steady();
  showView("chat");
  showState("joined", {});
  log.event(again ? "You are back" : `You joined as ${user}`);
  while (queue.length > 0) post(queue.shift());
  if (!again) $("text").focus();
}

function onUserJoined(message) {
  if (people.has(message.user)) return;
  people.add(message.user);
  showPeople();
  log.event(`${message.user} joined`);
}

function onUserLeft(message) {
  if (!people.delete(message.user)) return;
  showPeople();
  log.event(`${message.user} left`);
}

function onMessage(message) {
  if (message.user === user && sent[0]?.text === message.text) {
    const { line, timer } = sent.shift();
    clearTimeout(timer);
    log.confirm(line, message.at);
    return;
  }
  log.message(message.user, message.text, message.at);
  if (document.hidden) showTitle(unread + 1);
}

/** Answers come in the order of questions: without a message on its way, it is the join that was refused. */
function refuse(error) {
  if (joined && sent.length > 0) {
    const { line, timer } = sent.shift();
    clearTimeout(timer);
    log.note(line, error.text, true);
  } else if (!joined) {
    connection.stop();
    showView("door");
    $("entry-error").textContent = error.text;
    $("user").focus();
  }
}

function post(item) {
  item.timer = setTimeout(() => connection.lost(), SETTINGS.patience);
  sent.push(item);
  log.note(item.line, "Sending…", false);
  connection.send({ type: "message", room, text: item.text });
}

function say(text) {
  if (!joined && queue.length >= SETTINGS.queued) {
    $("notice").textContent = `${SETTINGS.queued} messages wait for the connection already.`;
    return false;
  }
  $("notice").textContent = "";
  const item = { text, line: log.pending(user, text), timer: 0 };
  if (joined) {
    post(item);
  } else {
    queue.push(item);
    log.note(item.line, "Waits for the connection", false);
  }
  return true;
}

function enter(newUser, newRoom) {
  if (newRoom !== room) forget();
  user = newUser;
  room = newRoom;
  stored("localStorage", "hawser-chat-user", user);
  history.replaceState(null, "", `#${encodeURIComponent(room)}`);
  $("room-name").textContent = room;
  $("text").placeholder = `Message ${room}`;
  $("entry-error").textContent = "";
  connection.start();
}

function leave() {
  if (joined) connection.send({ type: "leave", room });
  connection.stop();
  forget();
  showView("door");
  $("user").focus();
}

function forget() {
  queue.length = 0;
  people.clear();
  log.clear();
}

/** Nobody knows whether what was on its way has arrived; sending it again could say it twice. */
function doubtSent() {
  for (const { line, timer } of sent) {
    clearTimeout(timer);
    log.note(line, "The connection broke: perhaps not delivered", true);
  }
  sent.length = 0;
}

function showState(state, { delay = 0, tries = 0 }) {
  root.dataset.connection = state;
  if (state !== "joined") {
    joined = false;
    doubtSent();
  }
  $("join").disabled = state === "connecting" || state === "waiting";
  $("status").textContent = {
    idle: "Not connected",
    connecting: "Connecting…",
    joined: "Connected",
    waiting: "Reconnecting…",
    "given-up": "Disconnected",
    taken: "Disconnected",
  }[state];
  $("banner-text").textContent = {
    waiting: "No connection.",
    "given-up": `No connection after ${tries} tries.`,
    taken: "You joined from another window.",
  }[state] ?? $("banner-text").textContent;
  $("retry").textContent = { waiting: "Try now", taken: "Come back here" }[state] ?? "Try again";
  $("banner").hidden = state === "idle" || state === "joined" || (state === "connecting" && tries === 0);
  countDown(state, delay, tries);
}

let countdown = 0;

function countDown(state, delay, tries) {
  clearInterval(countdown);
  $("countdown").textContent = state === "connecting" ? `Try ${tries} of ${SETTINGS.tries}…` : "";
  if (state !== "waiting") return;
  const end = Date.now() + delay;
  const show = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    $("countdown").textContent = `Try ${tries} of ${SETTINGS.tries} in ${seconds} s`;
  };
  show();
  countdown = setInterval(show, 500);
}

function showView(view) {
  root.dataset.view = view;
  $("door").hidden = view !== "door";
  $("chat").hidden = view !== "chat";
  showTitle(0);
}

function showPeople() {
  const names = [...people].sort((a, b) => a.localeCompare(b));
  $("people-count").textContent = String(names.length);
  $("people").replaceChildren(
    ...names.map((name) => {
      const item = element("li", "person");
      item.append(avatar(name), element("span", "name", name));
      if (name === user) item.append(element("span", "you", "you"));
      return item;
    }),
  );
}

function showTitle(count) {
  unread = count;
  const place = root.dataset.view === "chat" ? `${room} · Hawser chat` : "Hawser chat";
  document.title = unread > 0 ? `(${unread}) ${place}` : place;
}

function showPanel(open) {
  $("people-panel").classList.toggle("open", open);
  $("people-toggle").setAttribute("aria-expanded", String(open));
}

function fitComposer() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

$("entry").addEventListener("submit", (event) => {
  event.preventDefault();
  enter($("user").value.trim().normalize("NFC"), $("room").value.trim().normalize("NFC"));
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  // Line ends and tabs stay; other control characters mean nothing in a chat.
  const text = $("text").value.replace(/[^\P{Cc}\n\t]/gu, "").trim();
  if (text && say(text)) {
    $("text").value = "";
    fitComposer();
  }
  $("text").focus();
});

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});

$("text").addEventListener("input", fitComposer);
$("leave").addEventListener("click", leave);
$("retry").addEventListener("click", () => connection.start());
$("people-toggle").addEventListener("click", () => showPanel($("people-toggle").getAttribute("aria-expanded") === "false"));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") showPanel(false);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) showTitle(0);
});

addEventListener("online", () => {
  if (["waiting", "given-up"].includes(root.dataset.connection)) connection.start();
});

$("user").value = stored("localStorage", "hawser-chat-user");
try {
  $("room").value = decodeURIComponent(location.hash.slice(1)) || $("room").value;
} catch {
  // a hash that is not ours: the room stays the lobby
}
$($("user").value ? "join" : "user").focus();
