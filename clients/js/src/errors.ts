import type { ErrorCode } from "./protocol.js";

interface Reason {
  code: ErrorCode | "closed" | "timeout" | "token";
  message: string;
  /** Whether the same call may work later. */
  retryable: boolean;
  /** Milliseconds to wait before that, when the server said so. */
  retryAfter?: number;
}

export interface PresenceError extends Reason {
  /** Whom the refusal is about, where it is about some of those who were asked for: the others are not to blame. */
  userIds?: string[];
}

/**
 * Every failure of the client. Beside the codes of the server there are `closed` (the connection ended first: whether the call took
 * effect is unknown), `timeout` (no answer within 10 s, or no connection) and `token` (`getToken` failed).
 */
export class PresenceError extends Error {
  constructor({ code, message, retryable, retryAfter, refused }: Reason & { refused?: number[] }, asked: string[] = []) {
    super(message);
    const userIds = refused && asked.filter((_, place) => refused.includes(place));
    Object.assign(this, { name: "PresenceError", code, retryable, retryAfter, userIds });
  }
}

/** A failure of the client's own, after which the same call may work. */
export function failure(code: Reason["code"], message: string): PresenceError {
  return new PresenceError({ code, message, retryable: true });
}

/** The server's rule for ids, so that one bad id does not spoil a message that carries many. */
export function checkId(id: string): string {
  if (id.length > 128 || !id.trim() || /\p{Cc}|\p{Cs}/u.test(id)) {
    const message = "An id has 1 to 128 characters, no control characters";
    throw new PresenceError({ code: "invalid_request", message, retryable: false });
  }

  return id;
}
