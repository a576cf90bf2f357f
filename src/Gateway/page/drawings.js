// The drawings of both pages: a shape for each status, so that colour is never the only sign, and one for each kind of device.

const drawings = {
  'shape-online': '<circle cx="8" cy="8" r="7" />',
  'shape-idle': '<path d="M9.5 1A7 7 0 1 0 15 10.2 6 6 0 0 1 9.5 1Z" />',
  'shape-away': '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-1 2.8v4.7l3.6 2.1 1-1.7L9 7.4V3.8Z" />',
  'shape-busy': '<path d="M8 .5 15.5 8 8 15.5.5 8Z" />',
  'shape-dnd': '<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM4 6.8v2.4h8V6.8Z" />',
  'shape-offline': '<circle class="line" cx="8" cy="8" r="5.8" />',
  'shape-invisible': '<circle class="line dashed" cx="8" cy="8" r="5.8" />',
  'shape-unknown': '<path class="line" d="M3 8h10" />',
  'device-web': '<path class="thin" d="M1.5 3h13v10h-13zM1.5 6h13" />',
  'device-mobile': '<path class="thin" d="M4.5 1.5h7v13h-7zM7 12.5h2" />',
  'device-desktop': '<path class="thin" d="M1.5 2.5h13v8h-13zM8 10.5v3M5 13.5h6" />',
  'device-server': '<path class="thin" d="M2.5 2.5h11v5h-11zM2.5 8.5h11v5h-11zM5 5h1M5 11h1" />',
};

/** Puts them into the page, where `icon` finds them. */
export function addDrawings() {
  const symbols = Object.entries(drawings).map(([id, shape]) => `<symbol id="${id}" viewBox="0 0 16 16">${shape}</symbol>`);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" aria-hidden="true">${symbols.join('')}</svg>`;
  document.body.prepend(document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true));
}

/** One of the drawings. */
export function icon(className, name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}
