// The wire protocol. A test compares every name here with the server's sources and with the frames it really sends; docs/asyncapi.yaml is made of it.
export type * from "./messages.js";
export type * from "./model.js";
