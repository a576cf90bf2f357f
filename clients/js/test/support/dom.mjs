// A page with React on it, over a server that a test plays.
import { Window } from "happy-dom";
import { FakeServer } from "./server.mjs";
import { settle } from "./clock.mjs";

const window = new Window({ url: "http://presence.test/" });
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
for (const name of ["HTMLElement", "HTMLIFrameElement", "Node", "Element", "navigator"]) {
  Object.defineProperty(globalThis, name, { configurable: true, value: window[name] });
}

globalThis.addEventListener = window.addEventListener.bind(window);

const { act, createElement } = await import("react");
const { createRoot } = await import("react-dom/client");
const { PresenceProvider } = await import("@presence/client/react");

export const h = createElement;

/** Runs a test with a client and a React root in which everything has happened before the next line. */
export const withReact = (run) => async () => {
  const server = new FakeServer();
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  const doing = (what) => act(async () => {
    await what();
    await settle();
  });
  try {
    const presence = await server.client({ idleAfterMs: null });
    const render = (...children) => doing(() => root.render(h(PresenceProvider, { client: presence }, ...children)));
    await run({ server, presence, render, doing, container, text: () => container.textContent });
  } finally {
    await doing(() => root.unmount());
    container.remove();
    server.end();
  }
};
