const KEY = "presence.device";

/**
 * An id for this running client. A tab that is loaded again keeps its id, so that nobody sees it leave; a duplicated tab must not share it,
 * or the two would replace each other for ever: so it lies in the storage only between the end of one page and the start of the next.
 */
export function ownDeviceId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  let id = bytes.reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
  try {
    id = sessionStorage.getItem(KEY) ?? id;
    sessionStorage.removeItem(KEY);
    addEventListener("pagehide", () => sessionStorage.setItem(KEY, id));
    addEventListener("pageshow", () => sessionStorage.removeItem(KEY));
  } catch {
    // no browser, or no storage allowed: then a reload is a new device
  }

  return id;
}
