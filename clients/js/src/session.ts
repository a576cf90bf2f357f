import type { ConnectionOwner, ConnectionState, SocketClass } from "./connection.js";
import { Connection } from "./connection.js";
import { ownDeviceId } from "./device.js";
import { checkId, failure, PresenceError } from "./errors.js";
import { Listeners } from "./events.js";
import { Lobby } from "./lobby.js";
import type { DebugSnapshot, PresenceEvents, PresenceOptions } from "./options.js";
import { People } from "./people.js";
import type { ClientMessages, Device, Metadata, ServerMessage, ServerMessages } from "./protocol.js";
import { Requests } from "./requests.js";
import { Room } from "./room.js";
import { Self } from "./self.js";

const IDLE_AFTER_MS = 300_000;

/** What lasts over connections, and where each message of the server goes. Names with `_` are for this package only. */
export class Session implements ConnectionOwner {
  readonly userId: string;
  /** Everybody who is online and may be seen. */
  readonly lobby: Lobby;
  readonly _connection: Connection;
  readonly _requests: Requests;
  readonly _people: People;
  readonly _self: Self;
  readonly _listeners: { readonly [E in keyof PresenceEvents]: Listeners<PresenceEvents[E]> };
  _metadata: Metadata | undefined;
  _skewMs = 0;
  readonly #options: PresenceOptions;
  readonly #device: Device & { id: string };
  readonly #rooms = new Map<string, Room>();
  readonly #unknown = new Map<string, number>();
  #received = 0;
  #malformed = 0;
  #undelivered = 0;
  #connectionId: string | null = null;
  #lastError: PresenceError | null = null;

  constructor(options: PresenceOptions) {
    const { url, user, metadata, device, idleAfterMs = IDLE_AFTER_MS, WebSocket = globalThis.WebSocket } = options;
    if (!WebSocket) {
      throw new TypeError("No global WebSocket: pass one");
    }

    const address = new URL(url, globalThis.location?.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.userId = checkId(user);
    this.#options = options;
    this.#device = { id: ownDeviceId(), type: "web", ...device };
    this._metadata = metadata;
    this._connection = new Connection(address.href, WebSocket as SocketClass, this);
    const requests = (this._requests = new Requests(this._connection, (error) => this._onError(error)));
    this._people = new People(user, requests);
    this.lobby = new Lobby(requests);
    this._self = new Self(requests, idleAfterMs ?? Infinity, () => this._connection._wake());
    this._listeners = { state: new Listeners(), presence: this._people._changes, error: new Listeners(), message: new Listeners() };
  }

  /** A room: `join` to be there, `subscribe` to see who is. The same object for the same id. */
  room(roomId: string): Room {
    let room = this.#rooms.get(checkId(roomId));
    if (!room) {
      room = new Room(roomId, this._requests);
      this.#rooms.set(roomId, room);
    }

    return room;
  }

  /** A look inside, for a support ticket. */
  debug(): DebugSnapshot {
    return {
      state: this._connection.state,
      connectionId: this.#connectionId,
      deviceId: this.#device.id,
      roundTripMs: this._connection._liveness._roundTripMs,
      received: this.#received,
      malformed: this.#malformed,
      unknown: new Map(this.#unknown),
      undelivered: this.#undelivered,
      pending: this._requests._size,
      lastError: this.#lastError,
    };
  }

  async _hello(refresh: boolean): Promise<ClientMessages["authenticate"]> {
    const token = await this.#options.getToken({ refresh });
    return { userId: this.userId, token, device: this.#device, features: ["batch"], metadata: this._metadata };
  }

  _onState(state: ConnectionState): void {
    if (this.#connectionId && state.name !== "connected") {
      this.#connectionId = null;
      this._requests._fail(false);
      this._people._closed();
      this.#rooms.forEach((room) => room._closed());
      this.lobby._closed();
    }

    if (state.name === "closed") {
      this._requests._fail(true);
      this._self._stop();
    } else {
      this._self._start();
    }

    this._listeners.state._emit(state);
  }

  _onError(error: PresenceError): void {
    this.#lastError = error;
    this._listeners.error._emit(error);
  }

  _onMessage(message: ServerMessage): void {
    this.#received++;
    this.#take(message);
    if (message.id !== undefined && !this._requests._settle(message.id, message)) {
      this.#undelivered++;
    }

    this._listeners.message._emit(message);
  }

  _onMalformed(): void {
    this.#malformed++;
  }

  _onPulse(): void {
    this._self._check();
  }

  _wasActive(): boolean {
    return this._self._wasActive();
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "authenticated":
        return this.#welcomed(message);
      case "presence_update":
        return this._people._update(message.presence);
      case "presence_batch":
        return message.presences.forEach((presence) => this._people._update(presence));
      case "stale":
      case "fresh":
        return this._people._mark(message.type === "stale", message.userIds);
      case "room_state":
      case "room_update":
      case "typing":
        if (!this.#rooms.get(message.roomId)?._take(message)) {
          this.#undelivered++;
        }

        return;
      case "lobby_state":
      case "lobby_update":
        return this.lobby._changed(message);
      case "token_expiring":
        return void this.#refresh();
      case "heartbeat_ack":
      case "reconnect":
        return;
    }

    if (message.id === undefined) {
      this.#unasked(message);
    }
  }

  #unasked(message: ServerMessage): void {
    const { type } = message;
    if (type === "error") {
      this._onError(new PresenceError(message));
    } else if (type === "left" || type === "unwatched") {
      this.#rooms.get(message.roomId)?._out();
    } else {
      this.#unknown.set(type, (this.#unknown.get(type) ?? 0) + 1);
    }
  }

  /** What was asked without a connection goes last, to a line on which we are again where we were. */
  #welcomed({ presence, connectionId, serverTime }: ServerMessages["authenticated"]): void {
    this.#connectionId = connectionId;
    this._skewMs = Date.parse(serverTime) - Date.now();
    this._people._opened(presence);
    this._self._opened(presence.devices?.find((device) => device.id === this.#device.id)?.status);
    this.#rooms.forEach((room) => room._sync());
    this.lobby._opened();
    this._requests._flush();
  }

  async #refresh(): Promise<void> {
    try {
      await this._requests._request("refresh_token", { token: await this.#options.getToken({ refresh: true }) });
    } catch (error) {
      // The server will close with 4040, and the next connection asks for a token again.
      this._onError(error instanceof PresenceError ? error : failure("token", String(error)));
    }
  }
}
