import { Attention } from "./attention.js";
import type { ReplyTo, SettableStatus, Status } from "./protocol.js";
import type { Requests } from "./requests.js";

export interface StatusOptions {
  /** For `away`: the whole user (the default) or this device only. */
  scope?: "device" | "user";
  /** Back to what was before at this time. */
  expiresAt?: Date | string;
}

/** What this client says of its user: chosen by the person, or noticed. What was noticed never overrules what was chosen. */
export class Self extends Attention {
  readonly #wire: Requests;
  /** This device is idle or away because somebody said so; noticing is off until somebody says `online`. */
  #chosen: "idle" | "away" | null = null;
  #hasVisibility = true;
  readonly _onWake: () => void;

  constructor(wire: Requests, idleAfterMs: number, onWake: () => void) {
    super(idleAfterMs);
    this.#wire = wire;
    this._onWake = onWake;
  }

  setStatus(status: SettableStatus, { scope, expiresAt }: StatusOptions): Promise<ReplyTo<"set_status">> {
    const isDevice = status === "idle" || (status === "away" && scope === "device");
    if (isDevice || status === "online") {
      this.#chosen = isDevice ? status : null;
      this._input();
    }

    return this.#wire._request("set_status", { status, scope: status === "away" ? (scope ?? "user") : undefined, expiresAt: iso(expiresAt) });
  }

  _wasActive(): boolean {
    return this._takeInput() && !this.#chosen;
  }

  /**
   * A new connection: after the grace period the server has forgotten what this device was, within it the server does not know what
   * happened meanwhile.
   *
   * @param held What the server holds this device for.
   */
  _opened(held: Status | undefined): void {
    this.#hasVisibility = true;
    if (this.#chosen || this._isIdle) {
      this.#report();
    } else if (held === "idle") {
      this._onActive();
    }

    if (this._isHidden || held === "away") {
      this._onHidden();
    }
  }

  override _onIdle(): void {
    if (!this.#chosen) {
      this.#report();
    }
  }

  override _onActive(): void {
    if (!this.#chosen) {
      this.#wire._tell("heartbeat", { active: true });
    }
  }

  override _onHidden(): void {
    if (!this.#chosen && this.#hasVisibility && this.#wire._isOpen) {
      this.#wire._ask("set_visibility", { hidden: this._isHidden }, (error) => {
        this.#hasVisibility = error?.code !== "unknown_type"; // an older server: errors have a budget
      });
    }
  }

  /** Only ever this device's own part of the status: what the person chose for the user stays above it. */
  #report(): void {
    this.#wire._tell("set_status", { status: this.#chosen ?? "idle", scope: "device" });
  }
}

/** A time on the wire. */
export function iso(time: Date | string | undefined): string | undefined {
  return time && new Date(time).toISOString();
}
