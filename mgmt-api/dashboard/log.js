// The end of the machine's log, as it grows.

import { get } from './api.js';
import { byId, element, visible } from './dom.js';

const LINES_MAX = 500;
const LEVELS = ['error', 'warning', 'notice', 'info'];

export class Log {
  #last = 0;
  #level = byId('log-level');
  #lines = byId('log-lines');

  constructor() {
    this.#level.append(...LEVELS.map((level) => element('option', {}, level)));
    this.#level.value = 'info';
    this.#level.addEventListener('change', () => {
      this.#last = 0;
      this.poll().catch(() => {});
    });
  }

  async poll() {
    const isNew = this.#last === 0;
    const level = this.#level.value;
    const { next, entries } = await get(`log?level=${level}${isNew ? '' : `&after=${this.#last}`}`);
    // Somebody may have chosen another level meanwhile, and a machine that has booted anew counts from 1.
    if (level !== this.#level.value) return;
    if (next <= this.#last) {
      this.#last = 0;
      return;
    }
    if (isNew) this.#lines.replaceChildren();
    for (const entry of entries) {
      this.#lines.append(element('p', { class: `level-${entry.level}` },
        element('time', {}, entry.time?.replace('T', ' ').replace('Z', '') ?? `${entry.uptime_seconds.toFixed(3)} s`),
        element('span', {}, entry.level), element('span', {}, visible(entry.text))));
    }
    this.#last = entries.at(-1)?.sequence ?? this.#last;
    while (this.#lines.childElementCount > LINES_MAX) this.#lines.firstElementChild.remove();
    if (entries.length > 0 && byId('log-follow').checked) this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
