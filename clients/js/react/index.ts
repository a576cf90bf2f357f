export { PresenceDot } from "./dot.js";
export type { PresenceDotProps } from "./dot.js";
export { useConnectionState, useJoin, useMyStatus, usePresence, usePresenceMany, useRoom, useTyping } from "./hooks.js";
export type { Joining, MyStatus, TypingState } from "./hooks.js";
export { PresenceProvider, usePresenceClient } from "./provider.js";
