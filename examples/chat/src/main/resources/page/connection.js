export const RETRIES = {
  firstDelay: 500, // ms; doubles with each try
  longestDelay: 15_000, // ms
  tries: 10, // in a row; then it is up to the user
  patience: 10_000, // ms for a connection to open
};

/** A WebSocket that comes back: exponential backoff with full jitter, until it gives up. */
export class Connection {
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

  #open() {
    this.#drop(1000);
    this.#on.state("connecting", { tries: this.#failures });
    const socket = new WebSocket(this.#url);
    const current = (action) => (event) => {
      if (socket === this.#socket) action(event);
    };
    this.#socket = socket;
    this.#timer = setTimeout(() => this.lost(), RETRIES.patience);
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
