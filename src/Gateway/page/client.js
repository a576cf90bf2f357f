// The client that everybody uses. Without Node, bare/client.js takes its place.

export { createPresence, lastSeenText } from '../../../clients/js/src/index.ts';
