// Who this window is. A guest's id is made up once and kept for the tab; what is shown of it is derived from the id.

const adjectives = ['Swift', 'Calm', 'Bright', 'Gentle', 'Quiet', 'Bold', 'Merry', 'Clever', 'Sunny', 'Brave', 'Nimble', 'Lucky'];
const animals = ['Otter', 'Heron', 'Fox', 'Badger', 'Robin', 'Lynx', 'Hare', 'Finch', 'Seal', 'Wren', 'Marten', 'Ibis'];

const pick = list => list[Math.floor(Math.random() * list.length)];
const suffix = length => Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => (byte % 36).toString(36)).join('');

export const newGuestId = () => `${pick(adjectives)}-${pick(animals)}-${suffix(4)}`.toLowerCase();

/** "swift-otter-x7f2" reads as "Swift Otter"; any other id is its own name. */
export function nameOf(userId) {
  const match = /^([a-z]+)-([a-z]+)-[0-9a-z]{4}$/.exec(userId);
  return match ? match.slice(1).map(word => word[0].toUpperCase() + word.slice(1)).join(' ') : userId;
}

export function initialsOf(userId) {
  const words = nameOf(userId).match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  return words.slice(0, 2).map(word => [...word][0]).join('').toUpperCase();
}

export function hueOf(userId) {
  let hash = 2166136261;
  for (const char of userId) {
    hash = Math.imul(hash ^ char.codePointAt(0), 16777619) >>> 0;
  }

  return hash % 360;
}

/** A value kept for as long as the tab lives. */
export function kept(key, make) {
  const value = sessionStorage.getItem(key) ?? make();
  sessionStorage.setItem(key, value);
  return value;
}

/**
 * A device id for this window alone. A duplicated tab copies the storage, so the id is taken out while the window is open and put
 * back when it closes: a reload finds it, a copy does not.
 */
export function ownDeviceId() {
  const id = sessionStorage.getItem('device') ?? `tab-${suffix(10)}`;
  sessionStorage.removeItem('device');
  addEventListener('pagehide', () => sessionStorage.setItem('device', id));
  addEventListener('pageshow', () => sessionStorage.removeItem('device'));
  return id;
}

/**
 * What the address asks for: `view` is `outer` for the page itself, `guest` for the second guest and `tab` for another tab of the same
 * guest, both in frames of it.
 */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const view = query.get('view');
  return {
    view: view === 'guest' || view === 'tab' ? view : 'outer',
    guest: query.get('guest') || null,
    device: query.get('device') || null,
    room: query.get('room') || 'lounge',
  };
}

/** The address of this page for another guest, device, room or view; what is left out is up to that page. */
export function addressFor(parts) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    if (value && !(name === 'room' && value === 'lounge')) {
      query.set(name, value);
    }
  }

  return `${location.origin}/${query.size > 0 ? `?${query}` : ''}`;
}
