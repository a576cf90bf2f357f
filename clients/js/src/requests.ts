import { failure, PresenceError } from "./errors.js";
import type { ClientMessages, ClientType, ReplyTo, ServerMessage } from "./protocol.js";

const TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;

interface Line {
  readonly _isOpen: boolean;
  /** @returns False without a connection. */
  _send(json: string): boolean;
}

/** Called at once when the answer comes in, before the next message is read. */
type Answer<T extends ClientType> = (error: PresenceError | null, reply: ReplyTo<T> | null) => void;

interface Pending {
  _json: string;
  _isSent: boolean;
  _timer: ReturnType<typeof setTimeout>;
  _answer: Answer<ClientType>;
}

/** What is said to the server. What waits for an answer is kept by id; without a connection it waits to be sent. */
export class Requests {
  readonly #pending = new Map<number, Pending>();
  readonly #line: Line;
  readonly #onError: (error: PresenceError) => void;
  #lastId = 0;

  constructor(line: Line, onError: (error: PresenceError) => void) {
    this.#line = line;
    this.#onError = onError;
  }

  get _isOpen(): boolean {
    return this.#line._isOpen;
  }

  get _size(): number {
    return this.#pending.size;
  }

  /** Only while connected; a refusal is an event. */
  _tell<T extends ClientType>(type: T, fields: ClientMessages[T]): void {
    if (this._isOpen) {
      this._need(type, fields, nothing, nothing);
    }
  }

  _ask<T extends ClientType>(type: T, fields: ClientMessages[T], answer: Answer<T>): void {
    const id = ++this.#lastId;
    const json = JSON.stringify({ type, id, ...fields });
    const timer = setTimeout(() => this.#settle(id, failure("timeout", type)), TIMEOUT_MS);
    this.#pending.set(id, { _json: json, _isSent: this.#line._send(json), _timer: timer, _answer: answer as Answer<ClientType> });
  }

  _request<T extends ClientType>(type: T, fields: ClientMessages[T]): Promise<ReplyTo<T>> {
    return new Promise((resolve, reject) => this._ask(type, fields, (error, reply) => (error ? reject(error) : resolve(reply!))));
  }

  /**
   * For what must be so as long as there is a connection: tried again where that may help. Every refusal is an event. With the next
   * connection all is asked anew, so the end of this one is none.
   *
   * @param again Tries once more.
   * @param done Has the reply, or the refusal that is final.
   */
  _need<T extends ClientType>(type: T, fields: ClientMessages[T], again: () => void, done: Answer<T>): void {
    this._ask(type, fields, (error, reply) => {
      if (!error) {
        done(null, reply);
      } else if (error.code !== "closed") {
        this.#onError(error);
        error.retryable ? setTimeout(again, error.retryAfter ?? RETRY_MS) : done(error, null);
      }
    });
  }

  /** Sends what was asked without a connection. */
  _flush(): void {
    for (const pending of this.#pending.values()) {
      pending._isSent ||= this.#line._send(pending._json);
    }
  }

  /** @returns Whether somebody waited for this message. */
  _take(message: ServerMessage): boolean {
    return message.type === "error" ? this.#settle(message.id, new PresenceError(message)) : this.#settle(message.id, null, message);
  }

  /** The connection ended: what was sent may or may not have arrived. With `all`, what still waits ends too. */
  _fail(all: boolean): void {
    for (const [id, pending] of [...this.#pending]) {
      if (all || pending._isSent) {
        this.#settle(id, failure("closed", "The connection ended"));
      }
    }
  }

  #settle(id: number | undefined, error: PresenceError | null, reply: ReplyTo<ClientType> | null = null): boolean {
    const pending = this.#pending.get(id!);
    if (pending) {
      this.#pending.delete(id!);
      clearTimeout(pending._timer);
      pending._answer(error, reply);
    }

    return !!pending;
  }
}

function nothing(): void {}
