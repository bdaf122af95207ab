// What an application does through memjs. Arguments: host port [user password]. Exits with 0 when all was right.
'use strict';

const assert = require('node:assert/strict');
const { Client } = require('memjs');

const [host, port, username, password] = process.argv.slice(2);
const logger = { log: () => {} };
const options = { logger, timeout: 20, conntimeout: 20, retries: 1, username, password };
const mc = Client.create(`${host}:${port}`, options);

const valueOf = async (key) => (await mc.get(key)).value?.toString() ?? null;

async function values() {
  const everyByte = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255));
  const things = { bytes: everyByte, odd: Buffer.from('\r\nEND\r\n'), empty: Buffer.alloc(0) };
  for (const [key, value] of Object.entries(things)) {
    assert.equal(await mc.set(key, value, { expires: 300 }), true, `set ${key}`);
    assert.deepEqual((await mc.get(key)).value, value, `get ${key}`);
  }
  assert.equal(await mc.set('text', 'Grüße, ☃', {}), true, 'set text');
  assert.equal(await valueOf('text'), 'Grüße, ☃', 'get text');
  assert.equal(await valueOf('missing'), null, 'a miss');
  assert.equal(await mc.set('schlüssel-☃', 'v', {}), true, 'set a key that is not ASCII');
  assert.equal(await valueOf('schlüssel-☃'), 'v', 'a key that is not ASCII');
  assert.equal(await mc.set('k'.repeat(250), 'v', {}), true, 'set a key of 250 bytes');
  assert.equal(await valueOf('k'.repeat(250)), 'v', 'a key of 250 bytes');
  for (const size of [1, 1460, 65536, 1000000]) {
    assert.equal(await mc.set('sized', 'x'.repeat(size), {}), true, `set ${size}`);
    assert.equal((await valueOf('sized')).length, size, `length of ${size}`);
  }
}

async function storage() {
  assert.equal(await mc.add('a', '1', {}), true, 'add');
  assert.equal(await mc.add('a', '2', {}), false, 'add over it');
  assert.equal(await mc.replace('a', '3', {}), true, 'replace');
  assert.equal(await mc.replace('b', '3', {}), false, 'replace of nothing');
  assert.equal(await mc.append('a', '4'), true, 'append');
  await assert.rejects(mc.append('b', '4'), /not stored/, 'append to nothing');
  // Its prepend appends, whatever the server: nobody is asked for it here.
  assert.equal(await valueOf('a'), '34', 'after append');
  assert.equal(await mc.delete('a'), true, 'delete');
  assert.equal(await mc.delete('a'), false, 'delete again');
  assert.deepEqual(await mc.increment('n', 5, { initial: 10 }), { success: true, value: 10 }, 'incr of nothing');
  assert.deepEqual(await mc.increment('n', 5, { initial: 10 }), { success: true, value: 15 }, 'incr');
  assert.deepEqual(await mc.decrement('n', 7, {}), { success: true, value: 8 }, 'decr');
}

async function many() {
  const keys = Array.from({ length: 300 }, (_, i) => `many-${i}`);
  await Promise.all(keys.map((key) => mc.set(key, `value of ${key}`, { expires: 300 })));
  const answers = await Promise.all(keys.map(valueOf));
  keys.forEach((key, i) => assert.equal(answers[i], `value of ${key}`, key));
}

async function expiry() {
  await mc.set('short', 'v', { expires: 2 });
  await mc.set('touched', 'v', { expires: 2 });
  assert.equal(await mc.touch('touched', 100), true, 'touch');
  assert.equal(await mc.touch('missing', 100), false, 'touch of nothing');
  assert.equal(await valueOf('short'), 'v', 'before expiry');
  await new Promise((resolve) => setTimeout(resolve, 3200));
  assert.equal(await valueOf('short'), null, 'after expiry');
  assert.equal(await valueOf('touched'), 'v', 'after touch');
}

async function administration() {
  const stats = await new Promise((resolve, reject) => {
    mc.stats((problem, server, stats) => (problem ? reject(problem) : resolve(stats)));
  });
  assert.match(stats.version, /^1\.6\./, 'stats: version');
  assert(Number(stats.curr_items) > 300, `stats: curr_items is ${stats.curr_items}`);
  await mc.flush();
  assert.equal(await valueOf('text'), null, 'after flush_all');
}

async function wrongPassword() {
  const stranger = Client.create(`${host}:${port}`, { ...options, retries: 0, password: `${password}x` });
  await assert.rejects(stranger.set('text', 'wrong', {}), 'a wrong password');
  stranger.close();
}

async function main() {
  if (password !== undefined) await wrongPassword();
  await mc.flush();
  for (const part of [values, storage, many, expiry, administration]) await part();
  mc.quit();
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
