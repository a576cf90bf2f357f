import { createPresence, lastSeenText, PresenceError } from "./index.js";

/** For pages without a bundler: one script tag, one global `Presence`. */
Object.assign(globalThis, { Presence: { createPresence, lastSeenText, PresenceError } });
