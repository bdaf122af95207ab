// Asks the machine for what the page shows, as long as somebody looks, and says so when it does not answer.

import { get, Problem, startToken, Unreachable } from './api.js';
import { byId, clock, duration, notice, setText } from './dom.js';
import { Connections, HotKeys, startKeyForm } from './tables.js';
import { CpuChart, LatencyChart, StatsCharts } from './load.js';
import { Log } from './log.js';
import { offerDrain, startCapture, startOperations } from './operations.js';
import { SettingList } from './settings.js';

const TICK_MILLISECONDS = 1000;
const RETRY_SECONDS_MAX = 15;

let timer = 0;
let isAsking = false;
let failures = 0;
let answeredAt = Date.now();

/** Something to ask for every so many seconds, if it is wanted. */
class Source {
  #nextAt = 0;

  constructor(seconds, poll, isWanted = () => true) {
    this.milliseconds = seconds * 1000;
    this.poll = poll;
    this.isWanted = isWanted;
  }

  async ask(now) {
    if (now < this.#nextAt || !this.isWanted()) return;
    // Half a tick less, so that what is due now is not put off because this tick came early.
    this.#nextAt = now + this.milliseconds - TICK_MILLISECONDS / 2;
    await this.poll();
  }

  hurry() {
    this.#nextAt = 0;
  }
}

async function showStatus() {
  const status = await get('status');
  fact('version', status.version);
  fact('uptime', duration(status.uptime_seconds));
  showState(status.state);
  offerDrain(status.state);
}

async function showNetwork() {
  const { address } = await get('network');
  fact('address', address ?? 'none');
  document.title = `Memcachier ${address ?? ''}`;
}

function fact(name, text) {
  setText(document.querySelector(`[data-fact=${name}]`), text);
}

function showState(state) {
  setText(byId('state'), state);
  byId('state').dataset.state = state;
}

/** Whether something is on the screen, or nearly so. */
function whileVisible(id) {
  let isVisible = false;
  new IntersectionObserver(([entry]) => {
    isVisible = entry.isIntersecting;
    if (isVisible) wake();
  }, { rootMargin: '200px' }).observe(byId(id));
  return () => isVisible;
}

async function tick() {
  clearTimeout(timer);
  if (document.hidden || isAsking) return;
  isAsking = true;
  const startedAt = performance.now();
  try {
    // One after the other: one connection, and never more than one answer for the machine to write.
    for (const source of sources) await source.ask(startedAt);
    succeeded();
  } catch (error) {
    failed(error);
  } finally {
    isAsking = false;
  }
  const wait = failures > 0 ? 1000 : Math.max(100, TICK_MILLISECONDS - (performance.now() - startedAt));
  timer = setTimeout(failures > 0 ? countDown : tick, wait);
}

let secondsLeft = 0;

function succeeded() {
  answeredAt = Date.now();
  if (failures === 0) return;
  failures = 0;
  byId('banner').hidden = true;
  byId('banner-text').textContent = '';
  document.body.classList.remove('stale');
  notice('The machine answers again.');
}

function failed(error) {
  if (!(error instanceof Unreachable || error instanceof Problem)) console.error(error);
  failures++;
  secondsLeft = Math.min(RETRY_SECONDS_MAX, 2 ** (failures - 1));
  for (const source of sources) source.hurry();
  document.body.classList.add('stale');
  showState('no answer');
  byId('banner').hidden = false;
  // An alert is read aloud when its text changes; so what counts stands beside it.
  setText(byId('banner-text'), complaintOf(error));
  tellWait();
}

function complaintOf(error) {
  if (error instanceof Unreachable) return 'The machine does not answer.';
  return error instanceof Problem ? `The machine refuses: ${error.message}` : 'The page does not understand the machine.';
}

function countDown() {
  secondsLeft--;
  if (secondsLeft <= 0) {
    tick();
    return;
  }
  tellWait();
  timer = setTimeout(countDown, 1000);
}

function tellWait() {
  setText(byId('banner-detail'), `Last answer at ${clock(answeredAt)}. Next attempt in ${secondsLeft} s.`);
}

/** Asks at once instead of at the next tick. */
function wake() {
  if (!isAsking && failures === 0) tick();
}

const settings = new SettingList();
const log = new Log();
const connections = new Connections();
const hotKeys = new HotKeys();
const latency = new LatencyChart();
const stats = new StatsCharts(latency);
const cpus = new CpuChart();
const sources = [
  new Source(1, () => stats.poll()),
  new Source(2, () => latency.poll()),
  new Source(1, () => cpus.poll()),
  new Source(2, showStatus),
  new Source(30, showNetwork),
  new Source(2, () => hotKeys.poll(), whileVisible('hot-rows')),
  new Source(3, () => connections.poll(), whileVisible('connections')),
  new Source(30, () => settings.poll()),
  new Source(2, () => log.poll(), whileVisible('log')),
];

startToken();
startKeyForm();
startOperations();
startCapture();
byId('banner-retry').addEventListener('click', tick);
document.addEventListener('visibilitychange', tick);
for (const form of document.querySelectorAll('form.line')) form.addEventListener('submit', (event) => event.preventDefault());
tick();
