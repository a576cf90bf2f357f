import { Listeners } from "./events.js";
import type { Presence, ServerMessages } from "./protocol.js";
import type { Requests } from "./requests.js";

/** Everybody who is online and may be seen. */
export interface LobbyView {
  readonly online: number;
  /** Empty where only the count was asked for. */
  readonly users: readonly Presence[];
  /** There are more than the server lists. */
  readonly truncated: boolean;
  readonly stale: boolean;
}

/** The list of everybody; asked for while somebody listens. */
export class Lobby {
  readonly #wire: Requests;
  readonly #listeners = { count: new Listeners<LobbyView>(), users: new Listeners<LobbyView>() };
  readonly #users = new Map<string, Presence>();
  #asked: "count" | "users" | null = null;
  #view: LobbyView = { online: 0, users: [], truncated: false, stale: true };

  /** @internal The lobby is `presence.lobby`. */
  constructor(wire: Requests) {
    this.#wire = wire;
  }

  get view(): LobbyView {
    return this.#view;
  }

  /** @param mode `count` spares the server and the line the list. */
  subscribe(listener: (view: LobbyView) => void, mode: "count" | "users" = "users"): () => void {
    const stop = this.#listeners[mode]._add(listener);
    this._opened();
    return () => {
      stop();
      this._opened();
    };
  }

  /** @internal */
  _opened(): void {
    const { count, users } = this.#listeners;
    const mode = users._size ? "users" : count._size ? "count" : null;
    if (mode === this.#asked || !this.#wire._isOpen) {
      return;
    }

    this.#asked = mode;
    if (mode) {
      const again = () => {
        this.#asked = null;
        this._opened();
      };
      this.#wire._need("subscribe_lobby", { mode }, again);
    } else {
      this.#wire._tell("unsubscribe_lobby", {});
    }
  }

  /** @internal */
  _closed(): void {
    this.#asked = null;
    this.#show({ ...this.#view, stale: true });
  }

  /** @internal */
  _changed({ type, online, truncated = false, users, joined, left }: Change): void {
    if (type === "lobby_state") {
      this.#users.clear();
    }

    left?.forEach((id) => this.#users.delete(id));
    (users ?? joined)?.forEach((presence) => this.#users.set(presence.userId, presence));
    this.#show({ online, users: [...this.#users.values()], truncated, stale: false });
  }

  #show(view: LobbyView): void {
    this.#view = view;
    this.#listeners.count._emit(view);
    this.#listeners.users._emit(view);
  }
}

type Change = { type: string } & ServerMessages["lobby_state"] & ServerMessages["lobby_update"];
