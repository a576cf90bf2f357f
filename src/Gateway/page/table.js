// Rows of a table, written anew only when they differ, so that what somebody reads or marks stays.

import { element } from './dots.js';

/** @param {(string | Node)[][]} cells one array for each row */
export function rows(body, cells, ifNone = '') {
  const key = JSON.stringify(cells);
  if (body.dataset.shown === key) {
    return;
  }

  body.dataset.shown = key;
  const columns = body.parentElement.querySelectorAll('thead th').length;
  const none = () => element('tr', {}, element('td', { colSpan: columns, className: 'quiet', textContent: ifNone }));
  const made = cells.map(row => element('tr', {}, ...row.map((cell, index) => element(index === 0 ? 'th' : 'td', index === 0 ? { scope: 'row' } : {}, cell))));
  body.replaceChildren(...(made.length === 0 && ifNone ? [none()] : made));
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
