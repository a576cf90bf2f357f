// Rows of a table. Cells are changed in place, and only where they differ: what somebody reads, marks or has the focus on stays.

import { element, put } from './dots.js';

/**
 * @param {(string | HTMLElement)[][]} cells one array for each row. An element has a key in its data: while a cell holds one with the same
 * key, that one stays.
 */
export function rows(body, cells, ifNone = '') {
  if (cells.length === 0 && ifNone) {
    const columns = body.parentElement.querySelectorAll('thead th').length;
    body.replaceChildren(element('tr', {}, element('td', { colSpan: columns, className: 'quiet none', textContent: ifNone })));
    return;
  }

  body.querySelector('.none')?.parentElement.remove();
  while (body.rows.length > cells.length) {
    body.lastElementChild.remove();
  }

  cells.forEach((row, at) => {
    const shown = body.rows[at] ?? body.appendChild(element('tr', {}, ...row.map((_, column) => element(column === 0 ? 'th' : 'td', column === 0 ? { scope: 'row' } : {}))));
    row.forEach((cell, column) => fill(shown.cells[column], cell));
  });
}

function fill(shown, cell) {
  if (typeof cell === 'string') {
    put(shown, cell);
  } else if (shown.firstElementChild?.dataset.key !== cell.dataset.key) {
    shown.replaceChildren(cell);
  }
}

/** A table with a head, which scrolls, by the keyboard too, where it is too wide. */
export function table(label, head) {
  const body = element('tbody');
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...head.map(text => element('th', { scope: 'col', textContent: text })))), body);
  return { element: element('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: label }, made), body };
}

/** Milliseconds as people say them. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return seconds < 90 ? `${seconds} s` : seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
