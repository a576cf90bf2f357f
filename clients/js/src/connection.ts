import type { PresenceError } from "./errors.js";
import { failure } from "./errors.js";
import { Liveness } from "./liveness.js";
import type { ClientMessages, ServerMessage } from "./protocol.js";

const FIRST_DELAY_MS = 1_000;
const RESTART_DELAY_MS = 8_000; // below the grace period of 10 s: who waits for a server to start again comes back in time
const RESTART_ATTEMPTS = 10;
const LONGEST_DELAY_MS = 30_000;
const ATTEMPT_MS = 20_000;
const STABLE_MS = 10_000;
const LEFT = 1000; // on purpose: the device is gone at once
const LOST = 3000; // anything else: the device keeps its grace period
const FINAL = 4500; // from here on the server wants nobody back
const TOKEN_EXPIRED = 4040;

export interface ConnectionState {
  /** `reconnecting` lasts from the loss until the server lets us in again; `closed` is left by `connect()` only. */
  readonly name: "idle" | "connecting" | "connected" | "reconnecting" | "closed";
  /** Attempts since the last connection that held for 10 s. */
  readonly attempt: number;
  /** When the next attempt is due, in milliseconds since the epoch; null while one is under way or none is planned. */
  readonly retryAt: number | null;
  /** The code of the last close; 1006 when there was no close frame. */
  readonly closeCode: number | null;
  readonly reason: string;
}

/** What a `WebSocket` has to offer: the browser's, Node's, or that of the package `ws`. */
export interface SocketLike {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketClass = new (url: string, protocols: string[]) => SocketLike;

export interface ConnectionOwner {
  /** Fields of the `authenticate` message; `refresh` when the last token expired. */
  _hello(refresh: boolean): Promise<ClientMessages["authenticate"]>;
  _onMessage(message: ServerMessage): void;
  _onState(state: ConnectionState): void;
  _onError(error: PresenceError): void;
  /** Every 5 s while connected, more rarely in a throttled tab. */
  _onPulse(): void;
  /** Whether the person used an input since the last call. */
  _wasActive(): boolean;
  _onMalformed(): void;
}

/** One socket after another: authenticates, notices a dead line, and comes back until the server forbids it. */
export class Connection {
  readonly #url: string;
  readonly #socketClass: SocketClass;
  readonly #owner: ConnectionOwner;
  state: ConnectionState = { name: "idle", attempt: 0, retryAt: null, closeCode: null, reason: "" };
  _isOpen = false;
  #socket: SocketLike | null = null;
  #life = 0;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #attemptTimer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #connectedAt = 0;
  #needsToken = false;
  readonly _liveness: Liveness;

  constructor(url: string, socketClass: SocketClass, owner: ConnectionOwner) {
    this.#url = url;
    this.#socketClass = socketClass;
    this.#owner = owner;
    this._liveness = new Liveness({
      _beat: () => this._send({ type: "heartbeat", active: owner._wasActive() || undefined }),
      _onPulse: () => owner._onPulse(),
      _onDead: () => this.#lost(),
    });
  }

  _open(): void {
    if (this.state.name === "idle" || this.state.name === "closed") {
      this.#attempt = 0;
      this.#notBefore = 0;
      void this.#try("connecting");
    }
  }

  /** Leaves on purpose. */
  _leave(): void {
    this.#end(LEFT);
    this.#show("closed", LEFT);
  }

  _send(message: object): boolean {
    if (this._isOpen) {
      this.#socket!.send(JSON.stringify(message));
    }

    return this._isOpen;
  }

  /** Something suggests that time was missed or the network changed: look whether the line lives, or come back now. */
  _wake(): void {
    if (this._isOpen) {
      this._liveness._probe();
    } else if (this.state.retryAt !== null && Date.now() >= this.#notBefore) {
      void this.#try("reconnecting");
    }
  }

  async #try(name: "connecting" | "reconnecting"): Promise<void> {
    const life = ++this.#life;
    clearTimeout(this.#retryTimer);
    this.#show(name, this.state.closeCode, this.state.reason);
    this.#attemptTimer = setTimeout(() => this.#lost(), ATTEMPT_MS);
    try {
      const hello = await this.#owner._hello(this.#needsToken);
      if (life === this.#life) {
        this.#connect(life, hello);
      }
    } catch (error) {
      if (life === this.#life) {
        this.#owner._onError(failure("token", String(error)));
        this.#lost();
      }
    }
  }

  #connect(life: number, hello: ClientMessages["authenticate"]): void {
    const socket = new this.#socketClass(this.#url, ["presence.v1.json"]);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "authenticate", ...hello }));
    socket.onmessage = (event: { data: unknown }) => life === this.#life && this.#receive(event.data);
    socket.onclose = (event: { code: number; reason: string }) => life === this.#life && this.#lost(event.code, event.reason);
    socket.onerror = () => {}; // the close that follows says the same
  }

  #receive(data: unknown): void {
    const message = parse(data);
    this._liveness._heard(message?.type === "heartbeat_ack");
    if (!message) {
      return this.#owner._onMalformed();
    }

    switch (message.type) {
      case "authenticated":
        return this.#welcome(message);
      case "reconnect":
        this.#notBefore = Date.now() + message.after;
        break;
      case "error":
        this.#refused(message.retryable, message.retryAfter);
        break;
    }

    this.#owner._onMessage(message);
  }

  /** Listeners hear of it last, when everything else is where it was before. */
  #welcome(message: Extract<ServerMessage, { type: "authenticated" }>): void {
    clearTimeout(this.#attemptTimer);
    this.#needsToken = false;
    this.#connectedAt = Date.now();
    this._liveness._start(message.heartbeatInterval);
    this._isOpen = true;
    this.#owner._onMessage(message);
    this.#show("connected");
  }

  /** A wait that the server asks for holds for coming back too. */
  #refused(isRetryable: boolean, retryAfter: number | undefined): void {
    if (retryAfter) {
      this.#notBefore = Date.now() + retryAfter + Math.random() * FIRST_DELAY_MS;
    }

    // Only `authenticate` can be refused here; where it is final the server closes by itself and says why.
    if (!this._isOpen && isRetryable) {
      this.#lost();
    }
  }

  #lost(code = 1006, reason = ""): void {
    const now = Date.now();
    if (this._isOpen && now - this.#connectedAt >= STABLE_MS) {
      this.#attempt = 0;
    }

    this.#end(LOST);
    this.#needsToken ||= code === TOKEN_EXPIRED;
    if (code >= FINAL) {
      return this.#show("closed", code, reason);
    }

    const longest = this.#attempt < RESTART_ATTEMPTS ? RESTART_DELAY_MS : LONGEST_DELAY_MS;
    const jitter = Math.random() * Math.min(longest, FIRST_DELAY_MS * 2 ** this.#attempt++);
    const delay = this.#notBefore > now ? this.#notBefore - now : jitter;
    this.#retryTimer = setTimeout(() => void this.#try("reconnecting"), delay);
    this.#show("reconnecting", code, reason, now + delay);
  }

  #end(code: number): void {
    this.#life++;
    this._isOpen = false;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#attemptTimer);
    this._liveness._stop();
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
  }

  #show(name: ConnectionState["name"], closeCode: number | null = null, reason = "", retryAt: number | null = null): void {
    this.state = { name, attempt: this.#attempt, retryAt, closeCode, reason };
    this.#owner._onState(this.state);
  }
}

/** Undefined for what is no message. */
function parse(data: unknown): ServerMessage | undefined {
  try {
    const message = JSON.parse(data as string) as ServerMessage | null;
    return typeof message?.type === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
