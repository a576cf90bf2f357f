// The number that matters: how long a change takes to the other screen, over the last minute.

import { milliseconds } from './delays.js';
import { put } from './dots.js';

const width = 240;
const height = 48;
const find = id => document.getElementById(id);

/** The samples as a line, the oldest at the left; scaled to the longest of them, at least 10 ms. */
function points(samples) {
  const top = Math.max(10, ...samples);
  return samples.map((delay, index) => {
    const x = samples.length === 1 ? width : index / (samples.length - 1) * width;
    return `${x.toFixed(1)},${(height - 3 - delay / top * (height - 6)).toFixed(1)}`;
  }).join(' ');
}

export function showSpeed({ samples, p50, p95 }) {
  put(find('p50'), milliseconds(p50));
  put(find('p95'), milliseconds(p95));
  put(find('samples'), String(samples.length));
  find('speed-line').setAttribute('points', points(samples));
}
