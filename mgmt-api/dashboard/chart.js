// Lines over the last five minutes, as inline SVG, with a legend that says the same in figures.

import { clock, element, setText } from './dom.js';

export const SPAN_MILLISECONDS = 300_000;

const WIDTH = 600;
const HEIGHT = 120;
// Two samples further apart than this have nothing between them: the page slept, or the machine was gone.
const GAP_MILLISECONDS = 12_000;
const LABEL_MILLISECONDS = 10_000;
const SVG = 'http://www.w3.org/2000/svg';

const charts = new Set();

/** A card with a title, the figure that matters, a plot and a legend. */
export class Chart {
  #series;
  #format;
  /** The value at the top, or nothing: then it is as high as it has to be. */
  most;
  #base;
  #times = [];
  #plot;
  #cursor;
  #cursorAt = null;
  #headline;
  #top;
  #when;
  #labelledAt = 0;
  #title;

  /**
   * @param series Each with a name, and isPlotted: false if it stands in the legend alone.
   * @param format Makes text of a value.
   * @param base Of the numbers that are round enough to stand at the top: 1024 for bytes.
   */
  constructor({ title, series, format, most, base = 10, isWide = false }) {
    this.#title = title;
    this.#format = format;
    this.most = most;
    this.#base = base;
    this.#series = series.map((one, index) => ({
      format, ...one, values: [], figure: element('dd', {}, '–'),
      path: one.isPlotted === false ? null : svg('path', { class: `trace series-${index}` }),
    }));
    this.#headline = element('p', { class: 'headline' }, '–');
    this.#top = element('span', { class: 'top-label' });
    this.#when = element('span', {}, '5 min ago');
    this.#cursor = svg('line', { class: 'cursor', y1: 0, y2: HEIGHT, visibility: 'hidden' });
    const grid = [0.25, 0.5, 0.75].map((part) => svg('line', { class: 'rule', x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part }));
    this.#plot = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${title}: no figures yet` });
    this.#plot.append(...grid, ...this.#series.flatMap(({ path }) => path ?? []).reverse(), this.#cursor);
    this.#plot.addEventListener('pointermove', (event) => {
      const box = this.#plot.getBoundingClientRect();
      pointAt(Date.now() - SPAN_MILLISECONDS * (1 - (event.clientX - box.left) / box.width));
    });
    this.#plot.addEventListener('pointerleave', () => pointAt(null));
    this.node = element('article', { class: isWide ? 'card chart wide' : 'card chart' },
      element('div', { class: 'title' }, element('h3', {}, title), this.#headline),
      element('div', { class: 'plot' }, this.#top, this.#plot),
      element('p', { class: 'axis', 'aria-hidden': 'true' }, this.#when, element('span', {}, 'now')),
      element('dl', { class: 'legend' }, ...this.#series.map(({ name, path, figure }, index) => element('div', {},
        element('dt', { class: path ? `swatch series-${index}` : '' }, name), figure))));
    charts.add(this);
  }

  /**
   * A sample: a value for each series, null where it is not known.
   * @param headline What stands at the top.
   */
  add(time, values, headline) {
    this.#times.push(time);
    this.#series.forEach((one, index) => one.values.push(values[index]));
    while (this.#times[0] < time - SPAN_MILLISECONDS) {
      this.#times.shift();
      for (const one of this.#series) one.values.shift();
    }
    setText(this.#headline, headline);
    this.#draw(time);
  }

  /** Shows the figures of a moment, or of now. */
  pointAt(time) {
    this.#cursorAt = time;
    this.#tell();
  }

  #draw(now) {
    const plotted = this.#series.filter(({ path }) => path);
    const most = this.most ?? niceAbove(Math.max(0, ...plotted.flatMap(({ values }) => values)), this.#base);
    setText(this.#top, this.#format(most));
    for (const { path, values } of plotted) path.setAttribute('d', this.#pathOf(values, now, most));
    this.#tell();
    if (now - this.#labelledAt < LABEL_MILLISECONDS) return;
    // Seldom: whoever has it read aloud should not be interrupted.
    this.#labelledAt = now;
    this.#plot.setAttribute('aria-label', `${this.#title}, the last five minutes. ${plotted.map(summary).filter(Boolean).join('; ')}.`);
  }

  #pathOf(values, now, most) {
    let path = '';
    let last = null;
    this.#times.forEach((time, index) => {
      if (values[index] == null) return;
      const x = WIDTH * (1 - (now - time) / SPAN_MILLISECONDS);
      const y = HEIGHT * (1 - Math.min(1, values[index] / most));
      const joins = last !== null && time - last < GAP_MILLISECONDS;
      // A point alone is a line of no length, which has round ends.
      path += joins ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
      last = time;
    });
    return path;
  }

  #tell() {
    const at = this.#cursorAt === null ? this.#times.length - 1 : this.#indexNear(this.#cursorAt);
    for (const one of this.#series) {
      const value = one.values[at];
      setText(one.figure, value == null ? '–' : one.format(value));
    }
    const isPast = this.#cursorAt !== null && at >= 0;
    setText(this.#when, isPast ? `at ${clock(this.#times[at])}` : '5 min ago');
    this.#cursor.setAttribute('visibility', isPast ? 'visible' : 'hidden');
    if (!isPast) return;
    const x = WIDTH * (1 - (this.#times.at(-1) - this.#times[at]) / SPAN_MILLISECONDS);
    this.#cursor.setAttribute('x1', x);
    this.#cursor.setAttribute('x2', x);
  }

  #indexNear(time) {
    let best = -1;
    this.#times.forEach((one, index) => {
      if (best < 0 || Math.abs(one - time) < Math.abs(this.#times[best] - time)) best = index;
    });
    return best;
  }
}

function pointAt(time) {
  for (const chart of charts) chart.pointAt(time);
}

function summary({ name, values, format }) {
  const known = values.filter((value) => value != null);
  if (known.length === 0) return '';
  return `${name}: now ${format(known.at(-1))}, least ${format(Math.min(...known))}, most ${format(Math.max(...known))}`;
}

/** 1, 2 or 5 times a power of ten, or a power of two, and not less. */
function niceAbove(value, base) {
  if (value <= 1) return 1;
  if (base !== 10) return 2 ** Math.ceil(Math.log2(value));
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
