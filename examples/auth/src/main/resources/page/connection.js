export const RETRIES = {
  firstDelay: 500, // ms; doubles with each try
  longestDelay: 15_000, // ms
  tries: 10, // in a row; then it is up to the user
  patience: 10_000, // ms for a connection to open
};

/**
 * A WebSocket that comes back: exponential backoff with full jitter, so that a thousand pages do not all return in the second in which
 * a server does. It asks for the way in before every try, for what opened the door last time may have expired.
 *
 * `on.way()` promises `{url, protocols}`, `on.ended(code, reason)` says whether to come back, `on.refused(error)` whether to try again
 * after the way could not be found.
 */
export class Connection {
  #on;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #run = 0; // what began before the last start or stop is over

  constructor(on) {
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

  #lost() {
    this.#drop(4000);
    if (this.#failures >= RETRIES.tries) {
      this.#on.state("given-up", { tries: this.#failures });
      return;
    }
    const longest = Math.min(RETRIES.longestDelay, RETRIES.firstDelay * 2 ** this.#failures);
    const delay = Math.random() * longest;
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#open(), delay);
    this.#on.state("waiting", { delay, tries: this.#failures });
  }

  async #open() {
    this.#drop(1000);
    const run = this.#run;
    this.#on.state("connecting", { tries: this.#failures });
    this.#timer = setTimeout(() => this.#lost(), RETRIES.patience);
    try {
      const { url, protocols } = await this.#on.way();
      if (run === this.#run) this.#connect(url, protocols);
    } catch (error) {
      if (run !== this.#run) return;
      if (this.#on.refused(error)) this.#lost();
      else this.stop("closed");
    }
  }

  #connect(url, protocols) {
    const socket = new WebSocket(url, protocols);
    const current = (action) => (event) => {
      if (socket === this.#socket) action(event);
    };
    this.#socket = socket;
    socket.onopen = current(() => clearTimeout(this.#timer));
    socket.onmessage = current((event) => this.#on.message(JSON.parse(event.data)));
    socket.onclose = current((event) => {
      if (this.#on.ended(event.code, event.reason)) this.#lost();
      else this.stop("closed");
    });
  }

  #drop(code) {
    this.#run += 1;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }
}
