// Keys and connections: lists, and what can be done with one of them.

import { act, confirmed, get, kept, Problem } from './api.js';
import { byId, bytes, duration, element, notice, percent, setText, short, visible, whole } from './dom.js';

const ROWS_MAX = 200;

/** A path's last part: what encodeURIComponent leaves alone, and the API does not, too. */
const encoded = (key) =>
  encodeURIComponent(key).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Rows that stay the same elements as long as they are of the same thing: focus and selection stay where they are. */
class Rows {
  #body;
  #make;
  #rows = new Map();

  /** @param make Makes a row of a thing: its element, and a function that shows what is new. */
  constructor(body, make) {
    this.#body = body;
    this.#make = make;
  }

  show(things, idOf) {
    const before = this.#rows;
    this.#rows = new Map();
    let place = this.#body.firstElementChild;
    for (const thing of things) {
      const id = idOf(thing);
      const row = before.get(id) ?? this.#make(thing);
      before.delete(id);
      this.#rows.set(id, row);
      row.update(thing);
      if (row.node === place) place = place.nextElementSibling;
      else this.#body.insertBefore(row.node, place);
    }
    for (const { node } of before.values()) node.remove();
  }
}

const cell = (...children) => element('td', {}, ...children);
const figure = () => element('td', { class: 'number' });

/** What is looked up most. Asking for it makes the machine count, so nobody asks while it is out of sight. */
export class HotKeys {
  // What was refused, a token or its absence, need not be tried again: wrong ones are counted.
  #refused;
  #rows = new Rows(byId('hot-rows'), ({ key }) => {
    const figures = [figure(), figure(), figure()];
    const button = element('button', { type: 'button', class: 'link key', click: () => lookUp(key) }, visible(key));
    return {
      node: element('tr', {}, element('th', { scope: 'row' }, button), ...figures),
      update: ({ lookups, hits, share }) =>
        [short(lookups), percent(share, 1), lookups > 0 ? percent(Math.min(1, hits / lookups), 1) : '–'].forEach((text, index) => setText(figures[index], text)),
    };
  });

  async poll() {
    const token = kept();
    if (token === this.#refused) return;
    try {
      const { keys, lookups, counted_seconds: seconds } = await get('keys?limit=20', { needsToken: true });
      this.#rows.show(keys.map((one) => ({ ...one, share: lookups > 0 ? Math.min(1, one.lookups / lookups) : 0 })), ({ key }) => key);
      const since = `${whole(lookups)} look-ups in ${duration(seconds)}`;
      setText(byId('hot-note'), lookups > 0 ? since : `no look-ups in ${duration(seconds)}; they are counted while this is in sight`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#refused = token;
      setText(byId('hot-note'), error.message);
    }
  }
}

export function startKeyForm() {
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const { value } = byId('key');
    if (value !== '') lookUp(value);
  });
}

async function lookUp(key) {
  byId('key').value = key;
  const answer = byId('key-answer');
  try {
    const item = await get(`keys/${encoded(key)}`, { needsToken: true });
    const facts = [
      ['Size', `${bytes(item.size)}${item.size >= 1024 ? ` (${whole(item.size)} B)` : ''}`],
      ['Expires', item.ttl_seconds === null ? 'never' : `in ${duration(item.ttl_seconds)}`],
      ['Last used', `${duration(item.seconds_since_access)} ago`],
      ['Read since stored', item.is_fetched ? 'yes' : 'no'],
      ['Flags', String(item.flags)],
      ['CAS', String(item.cas)],
    ];
    if (item.is_stale) facts.push(['Stale', 'yes']);
    answer.replaceChildren(
      element('p', { class: 'key' }, visible(key)),
      element('dl', { class: 'legend' }, ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)))),
      element('button', { type: 'button', class: 'danger', click: () => deleteKey(key) }, 'Delete this key'));
  } catch (error) {
    answer.replaceChildren(element('p', { class: 'error' }, error.message));
  }
}

async function deleteKey(key) {
  if (!await confirmed('Delete this key?', visible(key), 'Delete')) return;
  try {
    if (!await act('DELETE', `keys/${encoded(key)}`)) return;
    byId('key-answer').replaceChildren(element('p', {}, 'Deleted.'));
  } catch (error) {
    byId('key-answer').replaceChildren(element('p', { class: 'error' }, error.message));
  }
  byId('key').focus();
}

/** The cache's clients. */
export class Connections {
  #all = [];
  #rows = new Rows(byId('connection-rows'), (one) => {
    const [id, idle] = [figure(), figure()];
    const state = cell();
    id.textContent = one.id;
    const close = element('button', { type: 'button', 'aria-label': `Close ${addressOf(one)}`, click: () => closeOne(one) }, 'Close');
    return {
      node: element('tr', {}, id, element('th', { scope: 'row' }, addressOf(one)), state, idle, cell(close)),
      update: (now) => {
        setText(state, now.state);
        setText(idle, duration(now.idle_seconds));
      },
    };
  });

  constructor() {
    byId('connections-filter').addEventListener('input', () => this.#show());
  }

  async poll() {
    ({ connections: this.#all } = await get('connections'));
    this.#show();
  }

  #show() {
    const wanted = byId('connections-filter').value.trim().toLowerCase();
    const found = this.#all.filter((one) => `${one.id} ${addressOf(one)} ${one.state}`.toLowerCase().includes(wanted));
    this.#rows.show(found.slice(0, ROWS_MAX), ({ id, remote_port: port }) => `${id} ${port}`);
    const shown = found.length > ROWS_MAX ? `the first ${ROWS_MAX} of ${whole(found.length)}` : whole(found.length);
    setText(byId('connections-note'), found.length === this.#all.length ? shown : `${shown} of ${whole(this.#all.length)}`);
  }
}

const addressOf = (one) => `${one.remote_address}:${one.remote_port}`;

async function closeOne(one) {
  if (!await confirmed('Close this connection?', `${addressOf(one)}. Its client may connect again.`, 'Close it')) return;
  try {
    if (await act('DELETE', `connections/${one.id}`)) notice(`${addressOf(one)} is being closed.`);
  } catch (error) {
    notice(error.message, true);
  }
}
