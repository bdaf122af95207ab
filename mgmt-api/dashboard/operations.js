// What is done to the machine as a whole, and the packet capture.

import { act, confirmed, Problem } from './api.js';
import { byId, bytes, element, notice } from './dom.js';

const OPERATIONS = [
  {
    name: 'Reset statistics', path: 'stats/reset', verb: 'Reset', isDone: 'The statistics begin anew.',
    help: 'Counters and prefixes begin at 0. No item is touched.',
  },
  {
    name: 'Flush', path: 'flush', verb: 'Flush all items', isDone: 'All items are invalid.',
    help: 'Every item becomes invalid at once. Everything behind this cache will be asked instead.',
  },
  {
    name: 'Drain', path: 'drain', verb: 'Drain', isDone: 'No new clients; those that are here have half a minute to finish.', isForReady: true,
    help: 'No new clients. Those that are here finish what they asked for, and are cut after 30 seconds; then it is safe to shut down.',
  },
  {
    name: 'Serve again', path: 'drain', method: 'DELETE', verb: 'Serve again', isDone: 'New clients are welcome.', isForReady: false,
    help: 'Ends draining: new clients are accepted.',
  },
  {
    name: 'Reboot', path: 'reboot', verb: 'Reboot', isDone: 'The machine reboots.',
    help: 'All items are lost, all connections are cut.',
  },
  {
    name: 'Shut down', path: 'shutdown', verb: 'Shut down', isDone: 'The machine powers off.',
    help: 'All items are lost, all connections are cut, and it has to be started from outside.',
  },
];

export function startOperations() {
  byId('operation-rows').append(...OPERATIONS.map((one) => {
    one.row = element('li', {},
      element('div', {}, element('strong', {}, one.name), element('p', { class: 'quiet' }, one.help)),
      element('button', { type: 'button', class: 'danger', click: () => perform(one) }, one.name));
    return one.row;
  }));
}

/** One can drain a machine that serves, and only then go back. */
export function offerDrain(state) {
  const isDrained = state === 'draining' || state === 'drained';
  for (const { row, isForReady } of OPERATIONS) {
    if (isForReady !== undefined) row.hidden = isForReady === isDrained;
  }
}

async function perform({ name, path, method = 'POST', verb, help, isDone }) {
  if (!await confirmed(`${name}?`, help, verb)) return;
  try {
    if (await act(method, path)) notice(isDone);
  } catch (error) {
    notice(error.message, true);
  }
}

/** The file is read into memory and saved from there: a link could not carry the token, and an address must not. */
export function startCapture() {
  let stopped = new AbortController();
  byId('capture-stop').addEventListener('click', () => stopped.abort());
  byId('capture-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value !== ''));
    stopped = new AbortController();
    const chunks = [];
    byId('capture-start').disabled = true;
    try {
      const response = await act('GET', `capture?${query}`, { signal: stopped.signal });
      if (response) await readInto(chunks, response);
    } catch (error) {
      if (!stopped.signal.aborted) tell(error instanceof Problem ? error.message : 'The capture broke off.', true);
    } finally {
      byId('capture-start').disabled = false;
      byId('capture-stop').hidden = true;
    }
    if (chunks.length > 0) save(chunks);
  });
}

async function readInto(chunks, response) {
  byId('capture-stop').hidden = false;
  tell('Capturing.');
  let size = 0;
  let toldAt = 0;
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return;
    chunks.push(value);
    size += value.length;
    if (performance.now() - toldAt < 1000) continue;
    toldAt = performance.now();
    tell(`Capturing: ${bytes(size)} so far.`);
  }
}

function save(chunks) {
  const file = new Blob(chunks, { type: 'application/vnd.tcpdump.pcap' });
  const address = URL.createObjectURL(file);
  const time = new Date().toISOString().replace(/[-:]|\..*/g, '');
  element('a', { href: address, download: `memcachier-${time}.pcap` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell(`Saved ${bytes(file.size)}.`);
}

function tell(text, isError = false) {
  byId('capture-state').textContent = text;
  byId('capture-state').classList.toggle('error', isError);
}
