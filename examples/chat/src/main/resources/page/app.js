// The browser's part of the chat: one page, one room at a time.

import { Connection, RETRIES } from "./connection.js";
import { Log, avatar, element } from "./log.js";

const PATIENCE = 10_000; // ms for a message of ours to come back
const MOST_QUEUED = 50; // messages typed without a connection

const $ = (id) => document.getElementById(id);
const root = document.documentElement;

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
  item.timer = setTimeout(() => connection.lost(), PATIENCE);
  sent.push(item);
  log.note(item.line, "Sending…", false);
  connection.send({ type: "message", room, text: item.text });
}

function say(text) {
  if (!joined && queue.length >= MOST_QUEUED) {
    $("notice").textContent = `${MOST_QUEUED} messages wait for the connection already.`;
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
  $("countdown").textContent = state === "connecting" ? `Try ${tries} of ${RETRIES.tries}…` : "";
  if (state !== "waiting") return;
  const end = Date.now() + delay;
  const show = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    $("countdown").textContent = `Try ${tries} of ${RETRIES.tries} in ${seconds} s`;
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
