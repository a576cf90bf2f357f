import { failure, PresenceError } from "./errors.js";
import type { ClientMessages, ClientType, ReplyTo, ServerMessage } from "./protocol.js";

const TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;

interface Line {
  readonly _isOpen: boolean;
  /** @returns False without a connection. */
  _send(message: object): boolean;
}

/** Called at once when the answer comes in, before the next message is read. */
type Answer<T extends ClientType> = (error: PresenceError | null, reply: ReplyTo<T> | null) => void;

interface Asked {
  readonly type: ClientType;
  readonly id: number;
  readonly userIds?: string[];
}

interface Pending {
  readonly _message: Asked;
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
      this._need(type, fields);
    }
  }

  _ask<T extends ClientType>(type: T, fields: ClientMessages[T], answer: Answer<T>): void {
    const id = ++this.#lastId;
    const message: Asked = { type, id, ...(fields as object) };
    const timer = setTimeout(() => this._settle(id, failure("timeout", type)), TIMEOUT_MS);
    this.#pending.set(id, { _message: message, _isSent: this.#line._send(message), _timer: timer, _answer: answer as Answer<ClientType> });
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
  _need<T extends ClientType>(type: T, fields: ClientMessages[T], again?: () => void, done?: Answer<T>): void {
    this._ask(type, fields, (error, reply) => {
      if (!error) {
        done?.(null, reply);
      } else if (error.code !== "closed") {
        this.#onError(error);
        error.retryable ? again && setTimeout(again, error.retryAfter ?? RETRY_MS) : done?.(error, null);
      }
    });
  }

  /** Sends what was asked without a connection. */
  _flush(): void {
    for (const pending of this.#pending.values()) {
      pending._isSent ||= this.#line._send(pending._message);
    }
  }

  /** The connection ended: what was sent may or may not have arrived. With `all`, what still waits ends too. */
  _fail(all: boolean): void {
    for (const [id, pending] of [...this.#pending]) {
      if (all || pending._isSent) {
        this._settle(id, failure("closed", "The connection ended"));
      }
    }
  }

  /** @returns Whether somebody waited for this. */
  _settle(id: number | undefined, outcome: PresenceError | ServerMessage): boolean {
    const pending = this.#pending.get(id!);
    if (!pending) {
      return false;
    }

    this.#pending.delete(id!);
    clearTimeout(pending._timer);
    if ("code" in outcome) {
      pending._answer(new PresenceError(outcome, pending._message.userIds), null);
    } else {
      pending._answer(null, outcome);
    }

    return true;
  }
}
