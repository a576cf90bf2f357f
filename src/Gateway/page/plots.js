// The figures of the last minutes as lines over time.

import uPlot from 'uplot';

const height = 170;
const leastSeconds = 60;
const styles = [[], [6, 3], [2, 3]];
const spanOf = (first, last) => [Math.min(first ?? last, last - leastSeconds), last];
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** One plot; several lines differ in their strokes too, not in colour alone. */
export class Plot {
  #plot;

  /**
   * @param {HTMLElement} holder of the width that the plot fills
   * @param {string[]} labels one for each line
   * @param {string} unit behind the values, with its blank
   */
  constructor(holder, labels, unit) {
    const lines = labels.map((label, index) => ({
      label,
      stroke: () => colour(['--accent', '--idle', '--dnd'][index]),
      width: 2,
      dash: styles[index],
      points: { show: false },
      value: (_, value) => (value === null ? '–' : `${value}${unit}`),
    }));
    const axis = { stroke: () => colour('--quiet'), grid: { stroke: () => colour('--edge'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    this.#plot = new uPlot({
      width: holder.clientWidth,
      height,
      legend: { live: true },
      padding: [null, 28, null, null],
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { range: (_, min, max = null) => spanOf(min, max ?? Date.now() / 1_000) },
        y: { range: (_, min, max) => [0, Math.max(max ?? 0, 1) * 1.1] },
      },
      axes: [{ ...axis, values: (_, times) => times.map(time => new Date(time * 1_000).toLocaleTimeString('en-GB')), space: 90 }, { ...axis, size: 48 }],
      series: [{ label: 'Time', value: (_, time) => (time === null ? '–' : new Date(time * 1_000).toLocaleTimeString('en-GB')) }, ...lines],
    }, [[], ...labels.map(() => [])], holder);
    new ResizeObserver(() => this.#plot.setSize({ width: holder.clientWidth, height })).observe(holder);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#plot.redraw());
  }

  /** @param {number[][]} columns the times in seconds since the epoch, then the values of each line */
  show(columns) {
    if (columns[0].length > 1) {
      this.#plot.setData(columns); // of one point uPlot makes a day
    }
  }
}
