// Who we are: signing in, and the tokens that follow from it. Tokens live in this page's memory only; the cookie no script can read.

const PATIENCE = 20_000; // ms to check a password
const SPARE = 3_000; // ms that a token must have left to be worth showing

/** The server does not know us, or no longer. */
export class NotSignedIn extends Error {}

/** Addresses are relative: a proxy may serve the page below a path of its own. */
export function socketUrl(path) {
  const url = new URL(path, document.baseURI);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Shows the password, gets a ticket for it, and the cookie for that. */
export async function signIn(user, password) {
  const ticket = await ticketFor(user, password);
  const answer = await fetch("session", { headers: { Authorization: `Ticket ${ticket}` }, cache: "no-store" });
  if (!answer.ok) throw new Error("The server did not take the ticket. Try again.");
}

function ticketFor(user, password) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl("login"));
    const timer = setTimeout(() => end(reject, new Error("The server does not answer.")), PATIENCE);
    const end = (settle, value) => {
      clearTimeout(timer);
      socket.close();
      settle(value);
    };
    socket.onopen = () => socket.send(JSON.stringify({ type: "sign-in", user, password }));
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "ticket") end(resolve, message.ticket);
      else end(reject, new Error(message.text));
    };
    socket.onclose = (event) => end(reject, new Error(event.reason || "The server cannot be reached."));
  });
}

/** Access tokens, got by the cookie, each used for as long as it lasts. */
export class Tokens {
  #text = "";
  #end = 0;

  /** One that is good for a while: the last one, or a new one. */
  async current() {
    if (performance.now() < this.#end - SPARE) return this.#text;
    return this.next();
  }

  /** A new one. Throws NotSignedIn if the cookie is worth nothing any more. */
  async next() {
    const answer = await fetch("token", { cache: "no-store" });
    if (answer.status === 401) throw new NotSignedIn();
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { token, expiresInMillis } = await answer.json();
    this.#text = token;
    this.#end = performance.now() + expiresInMillis;
    return token;
  }

  forget() {
    this.#text = "";
    this.#end = 0;
  }
}
