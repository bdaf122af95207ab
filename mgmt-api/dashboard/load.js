// The charts: what they are of, and how a rate comes of two answers.

import { get } from './api.js';
import { Chart } from './chart.js';
import { byId, bytes, micros, percent, short, whole } from './dom.js';

const perSecond = (value) => `${short(value)}/s`;
const bytesPerSecond = (value) => `${bytes(value)}/s`;

/** How fast counters grow between two answers. Null where one went back: the machine or its statistics began anew. */
class Rates {
  #last = null;
  #lastTime = 0;

  /** A function from a counter, or a function of the answer, to its growth a second. */
  of(answer, time) {
    const before = this.#last;
    const seconds = (time - this.#lastTime) / 1000;
    this.#last = answer;
    this.#lastTime = time;
    return (counter) => {
      const read = typeof counter === 'function' ? counter : (from) => from[counter];
      const grown = before === null ? -1 : read(answer) - read(before);
      return grown >= 0 && seconds > 0 ? grown / seconds : null;
    };
  }
}

const sum = (...names) => (from) => names.reduce((total, name) => total + from[name], 0);

/** All that comes from memcached's statistics: one question a second. */
export class StatsCharts {
  #rates = new Rates();
  #requests = new Chart({
    title: 'Requests', isWide: true, format: perSecond,
    series: [{ name: 'Get hits' }, { name: 'Get misses' }, { name: 'Sets' }, { name: 'Deletes' }, { name: 'Others' }],
  });
  #hits = new Chart({ title: 'Hit ratio', format: percent, most: 1, series: [{ name: 'Hits of gets' }, { name: 'Since reset', isPlotted: false }] });
  #memory = new Chart({
    title: 'Memory', format: bytes,
    series: [
      { name: 'Used' }, { name: 'Live items' }, { name: 'Free', isPlotted: false }, { name: 'Of', isPlotted: false },
      { name: 'Items', format: whole, isPlotted: false },
    ],
  });
  #evictions = new Chart({
    title: 'Evictions', format: perSecond,
    series: [
      { name: 'For room' }, { name: 'In haste' }, { name: 'For the index' },
      { name: 'Never read', isPlotted: false }, { name: 'Expired, removed', isPlotted: false },
    ],
  });
  #connections = new Chart({
    title: 'Connections', format: short,
    series: [
      { name: 'Open', format: whole }, { name: 'Opened', format: perSecond, isPlotted: false },
      { name: 'Refused', format: perSecond, isPlotted: false }, { name: 'At most', format: whole, isPlotted: false },
    ],
  });
  #network = new Chart({
    title: 'Network', format: bytesPerSecond, base: 1024,
    series: [
      { name: 'Received' }, { name: 'Sent' }, { name: 'Retransmissions', format: perSecond, isPlotted: false },
      { name: 'Buffers free', format: percent, isPlotted: false },
    ],
  });

  /** @param latency The card that stands behind the hit ratio. */
  constructor(latency) {
    for (const chart of [this.#requests, this.#hits, latency, this.#memory, this.#evictions, this.#connections, this.#network]) byId('charts').append(chart.node);
  }

  async poll() {
    const stats = await get('stats');
    const now = Date.now();
    const rate = this.#rates.of(stats, now);
    const others = sum('cmd_touch', 'incr_hits', 'incr_misses', 'decr_hits', 'decr_misses', 'cmd_flush');
    const requests = [
      rate('get_hits'), rate('get_misses'), rate('cmd_set'), rate(sum('delete_hits', 'delete_misses')), rate(others),
    ];
    this.#requests.add(now, requests, told(requests[0] === null ? null : requests.reduce((a, b) => a + b), perSecond));
    const gets = requests[0] + requests[1];
    const ratio = gets > 0 ? requests[0] / gets : null;
    const all = stats.get_hits + stats.get_misses;
    this.#hits.add(now, [ratio, all > 0 ? stats.get_hits / all : null], told(ratio, percent));
    this.#addMemory(stats, now);
    const evicted = rate('evictions');
    const haste = rate('memcachier_evicted_in_haste');
    const index = rate('memcachier_evicted_for_index');
    this.#evictions.add(now, [
      evicted === null ? null : Math.max(0, evicted - haste - index), haste, index, rate('evicted_unfetched'), rate('expired_unfetched'),
    ], told(evicted, perSecond));
    this.#connections.add(now, [
      stats.curr_connections, rate('total_connections'), rate('rejected_connections'), stats.max_connections,
    ], whole(stats.curr_connections));
    const [received, sent] = [rate('bytes_read'), rate('bytes_written')];
    this.#network.add(now, [
      received, sent, rate('memcachier_tcp_retransmissions'), stats.memcachier_chunks_free / stats.memcachier_chunks,
    ], told(received === null ? null : received + sent, bytesPerSecond));
  }

  #addMemory(stats, now) {
    const limit = stats.limit_maxbytes;
    const free = stats.memcachier_segments_free * stats.memcachier_segment_bytes;
    this.#memory.most = limit;
    const used = Math.max(0, limit - free);
    this.#memory.add(now, [used, stats.bytes, free, limit, stats.curr_items], percent(used / limit));
  }
}

/** What each processor does. */
export class CpuChart {
  #rates = new Rates();
  #chart = null;

  async poll() {
    const { cpus } = await get('cpus');
    const now = Date.now();
    const rate = this.#rates.of(cpus, now);
    if (this.#chart === null) {
      this.#chart = new Chart({
        title: 'Processors', format: percent, most: 1,
        series: [
          ...cpus.map(({ id }) => ({ name: `CPU ${id} busy` })),
          ...cpus.map(({ id }) => ({ name: `CPU ${id} halted`, isPlotted: false })),
          { name: 'Longest round', format: micros, isPlotted: false },
        ],
      });
      byId('charts').append(this.#chart.node);
    }
    const part = (name, index) => {
      const value = rate((from) => from[index][name]);
      return value === null ? null : Math.min(1, value);
    };
    const busy = cpus.map((_, index) => part('busy_seconds', index));
    const longest = Math.max(...cpus.map((cpu) => cpu.longest_round_seconds)) * 1e6;
    this.#chart.add(now, [...busy, ...cpus.map((_, index) => part('halted_seconds', index)), longest],
      told(busy.includes(null) ? null : busy.reduce((a, b) => a + b) / busy.length, percent));
  }
}

/** How long requests took, of those since the last answer: the machine's own percentiles are of all since boot. */
export class LatencyChart {
  #before = null;
  #chart = new Chart({
    title: 'Latency', format: micros,
    series: [
      { name: 'Median' }, { name: '99 %' }, { name: '99.9 %' },
      { name: '99 % since boot', isPlotted: false }, { name: 'Most since boot', isPlotted: false },
    ],
  });

  get node() {
    return this.#chart.node;
  }

  async poll() {
    const latency = await get('latency');
    const counts = new Map();
    let below = 0;
    for (const { le_seconds: bound, count } of latency.buckets) {
      counts.set(bound ?? Infinity, count - below);
      below = count;
    }
    const grown = [...counts].map(([bound, count]) => [bound, count - (this.#before?.get(bound) ?? 0)]);
    const isKnown = this.#before !== null && grown.every(([, count]) => count >= 0);
    this.#before = counts;
    const [median, most, nearlyAll] = [0.5, 0.99, 0.999].map((part) => (isKnown ? quantile(grown, part) : null));
    this.#chart.add(Date.now(), [median, most, nearlyAll, latency.p99, latency.max], told(most, micros));
  }
}

/** Microseconds below which a part of them lies: the bound of its bucket. Null if there are none. */
function quantile(buckets, part) {
  let left = part * buckets.reduce((sum, [, count]) => sum + count, 0);
  if (left === 0) return null;
  for (const [bound, count] of buckets) {
    left -= count;
    if (left <= 0) return bound * 1e6;
  }
  return null;
}

const told = (value, format) => (value === null ? '–' : format(value));
