// The page: signs in, connects by token or by cookie, and says why a connection ended. Texts enter the page by textContent only.

import { Connection, RETRIES } from "./connection.js";
import { NotSignedIn, Tokens, signIn, socketUrl } from "./identity.js";

const SUBPROTOCOL = "hawser.v1";
const LONGEST_LOG = 200;
const BROKEN = 1006; // the browser's word for an end without a word
const EXPIRED = 1008; // the server's word for a limit, the end of our token among them
const NOT_PERMITTED = 4003;
const [FIRST_REFUSAL, LAST_REFUSAL] = [4400, 4499]; // 4000 and an HTTP status: to come back would not help

const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const tokens = new Tokens();

let way = "token";
let end = 0; // of this connection, by performance.now()
let refreshTimer = 0;
let shown = 0;

const connection = new Connection({ way: findWay, refused, ended, message: receive, state: showState });

/** A page cannot set a header on a WebSocket, but it names subprotocols: one of them carries the token, the other is the answer. */
async function findWay() {
  if (way === "cookie") return { url: socketUrl("live/cookie"), protocols: [SUBPROTOCOL] };
  const token = await tokens.current();
  return { url: socketUrl("live"), protocols: [SUBPROTOCOL, `bearer.${token}`] };
}

function refused(error) {
  if (!(error instanceof NotSignedIn)) return true;
  showReason("You are not signed in.");
  showDoor();
  return false;
}

function ended(code, reason) {
  clearTimeout(refreshTimer);
  if (code >= FIRST_REFUSAL && code <= LAST_REFUSAL) {
    tokens.forget();
    showReason(`The server refused (${code}): ${reason}.`);
    showDoor();
    return false;
  }
  if (code === NOT_PERMITTED) {
    showReason(`The server closed the connection (${code}): ${reason}.`);
    return false;
  }
  if (code === EXPIRED) tokens.forget();
  // A try that fails says less than what began it.
  if (code !== BROKEN || $("banner").hidden) {
    showReason(reason ? `The connection ended (${code}): ${reason}.` : `The connection ended (${code}).`);
  }
  return true;
}

function receive(message) {
  ({ welcome: onWelcome, refreshed: onRefreshed, said: onSaid, announced: onAnnounced, error: onError })[message.type]?.(message);
}

function onWelcome(message) {
  connection.steady();
  $("who").textContent = message.user;
  showView("room");
  onIdentity(message);
  showState("live", {});
}

function onRefreshed(message) {
  root.dataset.refreshes = Number(root.dataset.refreshes ?? 0) + 1;
  onIdentity(message);
}

function onIdentity({ roles, expiresInMillis }) {
  $("roles").textContent = roles.length > 0 ? roles.join(", ") : "listener";
  end = performance.now() + expiresInMillis;
  clearTimeout(refreshTimer);
  // Jitter here too: pages that connected together need not come for their tokens together.
  if (way === "token") refreshTimer = setTimeout(refresh, expiresInMillis * (0.5 + 0.25 * Math.random()));
}

async function refresh() {
  try {
    connection.send({ type: "refresh", token: await tokens.next() });
  } catch (error) {
    if (error instanceof NotSignedIn) {
      showReason("Your login has ended. This connection lasts until its token does.");
    } else {
      refreshTimer = setTimeout(refresh, Math.max(1000, (end - performance.now()) / 3));
    }
  }
}

const onSaid = ({ user, text }) => log("said", `${user}: ${text}`);
const onAnnounced = ({ user, text }) => log("announced", `${user} announces: ${text}`);
const onError = ({ text }) => log("error", text);

function log(kind, text) {
  const line = document.createElement("li");
  line.className = kind;
  line.dir = "auto";
  line.textContent = text;
  $("log").append(line);
  while ($("log").childElementCount > LONGEST_LOG) $("log").firstElementChild.remove();
  line.scrollIntoView({ block: "nearest" });
}

function showReason(text) {
  $("reason").textContent = text;
  $("banner").hidden = false;
}

function showState(state, { delay = 0, tries = 0 }) {
  root.dataset.connection = state;
  $("status").textContent = {
    idle: "Not connected",
    connecting: "Connecting…",
    live: "Connected",
    waiting: "Reconnecting…",
    "given-up": "Disconnected",
    closed: "Disconnected",
  }[state];
  if (state === "live" || state === "idle") $("banner").hidden = true;
  if (state === "given-up") showReason(`No connection after ${tries} tries.`);
  $("retry").hidden = root.dataset.view === "door" || state === "connecting";
  for (const id of ["composer", "others", "leave"]) $(id).inert = state !== "live";
  clearInterval(shown);
  $("countdown").textContent = "";
  if (state === "waiting") countDown(performance.now() + delay, tries);
  if (state === "live") {
    showRest();
    shown = setInterval(showRest, 500);
  }
}

function countDown(moment, tries) {
  const show = () => {
    const seconds = Math.max(0, Math.ceil((moment - performance.now()) / 1000));
    $("countdown").textContent = `Try ${tries} of ${RETRIES.tries} in ${seconds} s.`;
  };
  show();
  shown = setInterval(show, 500);
}

function showRest() {
  const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
  $("until").textContent = way === "token" ? `${seconds} s more, unless refreshed` : `${seconds} s more`;
}

function showView(view) {
  root.dataset.view = view;
  $("door").hidden = view !== "door";
  $("room").hidden = view !== "room";
}

function showDoor() {
  clearTimeout(refreshTimer);
  showView("door");
  $("retry").hidden = true;
  $("user").focus();
}

function begin(chosen) {
  way = chosen;
  root.dataset.refreshes = 0;
  connection.start();
}

$("entry").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("enter").disabled = true;
  $("entry-error").textContent = "";
  try {
    await signIn($("user").value.trim(), $("password").value);
    tokens.forget();
    begin(document.querySelector("input[name=way]:checked").value);
  } catch (error) {
    $("entry-error").textContent = error.message;
  } finally {
    $("password").value = "";
    $("enter").disabled = false;
  }
});

function sayAs(type) {
  const text = $("text").value.trim();
  if (!text) return;
  connection.send({ type, text });
  $("text").value = "";
  $("text").focus();
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  sayAs("say");
});
$("announce").addEventListener("click", () => sayAs("announce"));
$("others").addEventListener("submit", (event) => {
  event.preventDefault();
  connection.send({ type: "sign-out-user", user: $("other").value.trim() });
});
$("leave").addEventListener("click", () => connection.send({ type: "sign-out" }));
$("retry").addEventListener("click", () => connection.start());
addEventListener("online", () => {
  if (["waiting", "given-up"].includes(root.dataset.connection)) connection.start();
});

// Whoever signed in before, in this browser, need not again.
tokens.next().then(
  () => begin("token"),
  () => $("user").focus(),
);
