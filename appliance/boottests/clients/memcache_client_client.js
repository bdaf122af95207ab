// What an application does through the npm package memcache-client. Arguments: host port.
// Exits with 0 when every answer was right.
'use strict';

const assert = require('node:assert/strict');
const { MemcacheClient } = require('memcache-client');

const [host, port] = process.argv.slice(2);
const mc = new MemcacheClient({
  server: { server: `${host}:${port}`, maxConnections: 3 }, cmdTimeout: 20000, connectTimeout: 20000,
});

const stored = (what, answer) => assert.deepEqual(answer, ['STORED'], what);
const valueOf = async (key) => (await mc.get(key))?.value;

async function refused(what, promise, word) {
  const answer = await promise.then((words) => words?.join(' '), (error) => error.message);
  assert.match(String(answer), new RegExp(word), what);
}

async function values() {
  const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
  const things = {
    text: 'Grüße, ☃', number: 42, object: { list: [1, null, 'a'] }, bytes: everyByte,
    odd: '\r\nEND\r\nVALUE x 0 1\r\n',
  };
  for (const [key, thing] of Object.entries(things)) {
    stored(`set ${key}`, await mc.set(key, thing));
    assert.deepEqual(await valueOf(key), thing, `get ${key}`);
  }
  assert.equal(await mc.get('missing'), undefined, 'a miss');
  stored('set a key of 250 bytes', await mc.set('k'.repeat(250), 'v'));
  assert.equal(await valueOf('k'.repeat(250)), 'v', 'a key of 250 bytes');
  for (const size of [1, 1460, 65536, 1000000]) {
    stored(`set ${size}`, await mc.set('sized', 'x'.repeat(size)));
    assert.equal((await valueOf('sized')).length, size, `length of ${size}`);
  }
}

async function storage() {
  stored('add', await mc.add('a', '1'));
  await refused('add over it', mc.add('a', '2'), 'NOT_STORED');
  stored('replace', await mc.replace('a', '3'));
  await refused('replace of nothing', mc.replace('b', '3'), 'NOT_STORED');
  stored('append', await mc.append('a', '4'));
  stored('prepend', await mc.prepend('a', '2'));
  assert.equal(await valueOf('a'), '234', 'append and prepend');
  assert.deepEqual(await mc.delete('a'), ['DELETED'], 'delete');
  await refused('delete again', mc.delete('a'), 'NOT_FOUND');
  stored('set n', await mc.set('n', '10'));
  assert.equal(await mc.incr('n', 5), '15', 'incr');
  assert.equal(await mc.decr('n', 7), '8', 'decr');
  const { casUniq } = await mc.gets('n');
  stored('cas', await mc.cas('n', 'new', { casUniq }));
  await refused('cas too late', mc.cas('n', 'newer', { casUniq }), 'EXISTS');
  assert.equal(await valueOf('n'), 'new', 'after cas');
}

async function many() {
  const keys = Array.from({ length: 500 }, (_, i) => `many-${i}`);
  await Promise.all(keys.map((key) => mc.set(key, `value of ${key}`)));
  const answer = await mc.get([...keys, 'missing']);
  assert.equal(Object.keys(answer).length, 500, 'a get of 500 keys');
  for (const key of keys) assert.equal(answer[key].value, `value of ${key}`, key);
  assert.equal(Object.keys(await mc.gets(keys)).length, 500, 'a gets of 500 keys');
}

async function withoutReplies() {
  for (let i = 0; i < 300; i++) await mc.set(`silent-${i}`, `${i}`, { noreply: true });
  // Each of the three connections has its own order: what is to be there must be waited for.
  for (let tries = 0; Object.keys(await mc.get(silent())).length < 300; tries++) assert(tries < 100, 'silent sets');
}

const silent = () => Array.from({ length: 300 }, (_, i) => `silent-${i}`);

async function expiry() {
  await mc.set('short', 'v', { lifetime: 2 });
  await mc.set('touched', 'v', { lifetime: 2 });
  assert.deepEqual(await mc.touch('touched', 100), ['TOUCHED'], 'touch');
  assert.equal(await valueOf('short'), 'v', 'before expiry');
  await new Promise((resolve) => setTimeout(resolve, 3200));
  assert.equal(await valueOf('short'), undefined, 'after expiry');
  assert.equal(await valueOf('touched'), 'v', 'after touch');
}

async function administration() {
  assert.match((await mc.version()).join(' '), /^VERSION 1\.6\./, 'version');
  const stats = Object.fromEntries((await mc.cmd('stats')).STAT);
  assert(Number(stats.curr_items) > 500, `stats: curr_items is ${stats.curr_items}`);
  assert.deepEqual(await mc.cmd('flush_all'), ['OK'], 'flush_all');
  assert.equal(await mc.get('text'), undefined, 'after flush_all');
}

async function main() {
  assert.deepEqual(await mc.cmd('flush_all'), ['OK'], 'flush_all first');
  for (const part of [values, storage, many, withoutReplies, expiry, administration]) await part();
  mc.shutdown();
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
