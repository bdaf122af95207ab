// What an application does through the npm package memcached. Arguments: host port.
// Exits with 0 when every answer was right.
'use strict';

const assert = require('node:assert/strict');
const { promisify } = require('node:util');
const Memcached = require('memcached');

const [host, port] = process.argv.slice(2);
const client = new Memcached(`${host}:${port}`, { timeout: 20000, idle: 30000, poolSize: 5 });
const mc = {};
for (const name of ['set', 'get', 'getMulti', 'gets', 'add', 'replace', 'append', 'prepend', 'cas', 'incr', 'decr',
  'del', 'touch', 'flush', 'stats', 'settings']) {
  mc[name] = promisify(client[name]).bind(client);
}

async function refused(what, promise) {
  const answer = await promise.catch((error) => error);
  assert(answer instanceof Error || answer === false, `${what} was not refused: ${answer}`);
}

async function values() {
  const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
  const things = {
    text: 'Grüße, ☃', number: 42, object: { list: [1, null, 'a'] }, bytes: everyByte,
    odd: '\r\nEND\r\nVALUE x 0 1\r\n',
  };
  for (const [key, thing] of Object.entries(things)) {
    assert.equal(await mc.set(key, thing, 300), true, `set ${key}`);
    assert.deepEqual(await mc.get(key), thing, `get ${key}`);
  }
  assert.equal(await mc.get('missing'), undefined, 'a miss');
  assert.equal(await mc.set('k'.repeat(250), 'v', 0), true, 'set a key of 250 bytes');
  assert.equal(await mc.get('k'.repeat(250)), 'v', 'a key of 250 bytes');
  for (const size of [1, 1460, 65536, 1000000]) {
    assert.equal(await mc.set('sized', 'x'.repeat(size), 300), true, `set ${size}`);
    assert.equal((await mc.get('sized')).length, size, `length of ${size}`);
  }
}

async function storage() {
  assert.equal(await mc.add('a', '1', 300), true, 'add');
  await refused('add over it', mc.add('a', '2', 300));
  assert.equal(await mc.replace('a', '3', 300), true, 'replace');
  await refused('replace of nothing', mc.replace('b', '3', 300));
  assert.equal(await mc.append('a', '4'), true, 'append');
  assert.equal(await mc.prepend('a', '2'), true, 'prepend');
  assert.equal(await mc.get('a'), '234', 'append and prepend');
  assert.equal(await mc.del('a'), true, 'delete');
  await refused('delete again', mc.del('a'));
  assert.equal(await mc.set('n', 10, 300), true, 'set n');
  assert.equal(await mc.incr('n', 5), 15, 'incr');
  assert.equal(await mc.decr('n', 7), 8, 'decr');
  await refused('incr of nothing', mc.incr('missing', 1));
  const { cas } = await mc.gets('n');
  assert.equal(await mc.cas('n', 'new', cas, 300), true, 'cas');
  await refused('cas too late', mc.cas('n', 'newer', cas, 300));
  assert.equal(await mc.get('n'), 'new', 'after cas');
}

async function many() {
  const keys = Array.from({ length: 500 }, (_, i) => `many-${i}`);
  await Promise.all(keys.map((key) => mc.set(key, `value of ${key}`, 300)));
  const answer = await mc.getMulti([...keys, 'missing']);
  assert.equal(Object.keys(answer).length, 500, 'getMulti');
  for (const key of keys) assert.equal(answer[key], `value of ${key}`, key);
}

async function expiry() {
  await mc.set('short', 'v', 2);
  await mc.set('touched', 'v', 2);
  assert.equal(await mc.touch('touched', 100), true, 'touch');
  assert.equal(await mc.get('short'), 'v', 'before expiry');
  await new Promise((resolve) => setTimeout(resolve, 3200));
  assert.equal(await mc.get('short'), undefined, 'after expiry');
  assert.equal(await mc.get('touched'), 'v', 'after touch');
}

async function administration() {
  // version() is left out: it takes the version apart with an expression that wants three numbers and nothing behind them.
  const [stats] = await mc.stats();
  assert(stats.curr_items > 500, `stats: curr_items is ${stats.curr_items}`);
  const [settings] = await mc.settings();
  assert.equal(settings.item_size_max, 1048576, 'stats settings');
  assert.deepEqual(await mc.flush(), [true], 'flush_all');
  assert.equal(await mc.get('text'), undefined, 'after flush_all');
}

async function main() {
  assert.deepEqual(await mc.flush(), [true], 'flush_all first');
  for (const part of [values, storage, many, expiry, administration]) await part();
  client.end();
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
