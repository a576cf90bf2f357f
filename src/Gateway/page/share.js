// Links: one for somebody else, one for another device of one's own, and one for a phone, which a QR code carries over.

import { addressFor } from './guest.js';

const find = id => document.getElementById(id);

export function offerLinks(me, room) {
  find('share-other').value = addressFor({ room });
  find('share-own').value = addressFor({ guest: me, room });
  find('phone-link').value = addressFor({ room });
  for (const hint of document.querySelectorAll('dialog .hint')) {
    hint.hidden = !/^(localhost|127\.|\[::1)/.test(location.hostname);
  }

  for (const name of ['share', 'phone']) {
    find(`${name}-open`).addEventListener('click', () => find(name).showModal());
    find(`${name}-close`).addEventListener('click', () => find(name).close());
  }

  find('phone-open').addEventListener('click', showCode);
  document.querySelectorAll('[data-copies]').forEach(button => button.addEventListener('click', () => copy(button)));
}

async function copy(button) {
  const field = find(button.dataset.copies);
  field.select();
  await (navigator.clipboard?.writeText(field.value) ?? document.execCommand('copy'));
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 2_000);
}

/** Draws the code the first time that it is wanted. */
async function showCode() {
  const holder = find('phone-code');
  const { squaresOf } = await import('./code.js');
  if (squaresOf && !holder.firstChild) {
    holder.append(drawing(squaresOf(find('phone-link').value)));
    holder.hidden = false;
  }
}

function drawing(squares) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  const dark = squares.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
  svg.setAttribute('viewBox', `0 0 ${squares.length} ${squares.length}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('shape-rendering', 'crispEdges');
  path.setAttribute('d', dark.join(''));
  svg.append(path);
  return svg;
}
