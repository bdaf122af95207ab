"""What an application does through pymemcache. Arguments: host port. Exits with 0 when every answer was right."""

import hashlib
import sys
import time
import zlib

import pymemcache
from pymemcache.client.base import Client, PooledClient
from pymemcache.client.hash import HashClient
from pymemcache.client.retrying import RetryingClient
from pymemcache.serde import pickle_serde

HOST, PORT = sys.argv[1], int(sys.argv[2])
TIMEOUTS = {"connect_timeout": 20, "timeout": 20}


def equal(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def storage(c):
    equal("set", c.set("k", "v", noreply=False), True)
    equal("get", c.get("k"), b"v")
    equal("get of nothing", c.get("nothing"), None)
    equal("get with default", c.get("nothing", default=7), 7)
    equal("add over it", c.add("k", "w", noreply=False), False)
    equal("add", c.add("added", "w", noreply=False), True)
    equal("replace", c.replace("k", "x", noreply=False), True)
    equal("replace of nothing", c.replace("nothing", "x", noreply=False), False)
    equal("append", c.append("k", "yz", noreply=False), True)
    equal("append to nothing", c.append("nothing", "x", noreply=False), False)
    equal("prepend", c.prepend("k", "w", noreply=False), True)
    equal("get after append and prepend", c.get("k"), b"wxyz")
    equal("delete", c.delete("k", noreply=False), True)
    equal("delete again", c.delete("k", noreply=False), False)
    equal("empty value", (c.set("empty", "", noreply=False), c.get("empty")), (True, b""))


def counters(c):
    equal("set counter", c.set("n", "10", noreply=False), True)
    equal("incr", c.incr("n", 5), 15)
    equal("decr", c.decr("n", 7), 8)
    equal("decr below zero", c.decr("n", 100), 0)
    equal("incr of nothing", c.incr("no-number-here", 1), None)
    c.set("n", str(2**64 - 1), noreply=False)
    equal("incr wraps at 64 bits", c.incr("n", 2), 1)
    c.set("word", "abc", noreply=False)
    try:
        c.incr("word", 1)
        sys.exit("incr of a word did not fail")
    except pymemcache.exceptions.MemcacheClientError:
        pass


def compare_and_swap(c):
    c.set("c", "1", noreply=False)
    value, cas = c.gets("c")
    equal("gets", value, b"1")
    equal("cas", c.cas("c", "2", cas, noreply=False), True)
    equal("cas with an old unique", c.cas("c", "3", cas, noreply=False), False)
    equal("cas of nothing", c.cas("no-such-key", "3", cas, noreply=False), None)
    equal("after cas", c.get("c"), b"2")


def many(c):
    pairs = {f"many-{i}": f"value {i}".encode() for i in range(1000)}
    equal("set_many", c.set_many(pairs, noreply=False), [])
    equal("get_many", c.get_many(list(pairs) + ["many-missing"]), pairs)
    uniques = c.gets_many(list(pairs)[:3])
    equal("gets_many", sorted(uniques), sorted(list(pairs)[:3]))
    equal("delete_many", c.delete_many(list(pairs), noreply=False), True)
    equal("get_many of nothing", c.get_many(pairs), {})


def flags_and_bytes(c):
    every_byte = bytes(range(256)) * 4
    c.set("bytes", every_byte, flags=65535, noreply=False)
    equal("every byte", c.get("bytes"), every_byte)
    c.set("crlf", b"\r\nEND\r\nVALUE x 0 1\r\n", noreply=False)
    equal("a value that looks like a reply", c.get("crlf"), b"\r\nEND\r\nVALUE x 0 1\r\n")


def large(c):
    for size in (1000, 1460, 4096, 65_536, 300_000, 1_000_000):
        value = (hashlib.sha512(str(size).encode()).digest() * (size // 64 + 1))[:size]
        equal(f"set {size}", c.set(f"large-{size}", value, noreply=False), True)
        equal(f"get {size}", c.get(f"large-{size}") == value, True)
    equal("key of 250 bytes", (c.set("k" * 250, "v", noreply=False), c.get("k" * 250)), (True, b"v"))
    try:
        c.set("too-large", b"x" * (1024 * 1024 + 1), noreply=False)
        sys.exit("a value over 1 MiB was stored")
    except pymemcache.exceptions.MemcacheServerError:
        pass
    equal("the connection lives on", c.get("k" * 250), b"v")


def expiry(c):
    equal("expired at once", (c.set("e", "v", expire=-1, noreply=False), c.get("e")), (True, None))
    c.set("short", "v", expire=2, noreply=False)
    c.set("touched", "v", expire=2, noreply=False)
    c.set("absolute", "v", expire=int(time.time()) + 3600, noreply=False)
    equal("touch", c.touch("touched", 100, noreply=False), True)
    equal("touch of nothing", c.touch("nothing", 100, noreply=False), False)
    equal("before expiry", c.get("short"), b"v")
    time.sleep(3.5)
    equal("after expiry", c.get("short"), None)
    equal("touched lives on", c.get("touched"), b"v")
    equal("absolute expiry lives on", c.get("absolute"), b"v")


def without_replies(c):
    for i in range(500):
        c.set("silent", str(i), noreply=True)
    equal("the last of many silent sets", c.get("silent"), b"499")
    c.incr("silent", 1, noreply=True)
    c.touch("silent", 100, noreply=True)
    equal("silent incr", c.get("silent"), b"500")
    c.delete("silent", noreply=True)
    equal("silent delete", c.get("silent"), None)


class CompressedSerde:
    """What is compressed says so in its flags."""

    def serialize(self, key, value):
        return zlib.compress(value.encode()), 1 << 31

    def deserialize(self, key, value, flags):
        equal("flags of a compressed value", flags, 1 << 31)
        return zlib.decompress(value).decode()


def objects(c):
    things = {"text": "grüße", "number": 42, "float": 1.5, "list": [1, "a", None], "bytes": b"\x00\xff\r\n"}
    c = Client((HOST, PORT), serde=pickle_serde, default_noreply=False, **TIMEOUTS)
    for key, thing in things.items():
        equal(f"set {key}", c.set(key, thing), True)
        equal(f"get {key}", c.get(key), thing)
    equal("get_many of objects", c.get_many(list(things)), things)
    value, unique = c.gets("list")
    equal("cas of an object", (c.cas("list", [2], unique), c.get("list")), (True, [2]))
    c.close()
    packed = Client((HOST, PORT), serde=CompressedSerde(), default_noreply=False, **TIMEOUTS)
    text = "compress me " * 200_000
    equal("compressed", (packed.set("packed", text), packed.get("packed") == text), (True, True))
    packed.close()


def keys(c):
    named = Client((HOST, PORT), key_prefix=b"ns:", allow_unicode_keys=True, default_noreply=False, **TIMEOUTS)
    equal("a key that is not ASCII", (named.set("schlüssel-☃", "v"), named.get("schlüssel-☃")), (True, b"v"))
    equal("a prefix", (named.set("a", "v"), c.get("ns:a"), named.get_many(["a", "b"])), (True, b"v", {"a": b"v"}))
    named["item"] = b"v"
    equal("like a dictionary", named["item"], b"v")
    del named["item"]
    equal("deleted like from a dictionary", named.get("item"), None)
    named.close()


def administration(c):
    equal("version", c.version().startswith(b"1.6."), True)
    stats = c.stats()
    for name in (b"pid", b"uptime", b"curr_items", b"total_items", b"bytes", b"cmd_get", b"cmd_set", b"get_hits",
                 b"get_misses", b"evictions", b"limit_maxbytes", b"curr_connections", b"threads"):
        equal(f"stats has {name}", name in stats, True)
    equal("stats settings", c.stats("settings")[b"item_size_max"], 1024 * 1024)
    equal("stats items", any(name.startswith(b"items:1:") for name in c.stats("items")), True)
    equal("a delayed flush_all", (c.flush_all(delay=100, noreply=False), c.get("bytes") is None), (True, False))
    equal("flush_all", c.flush_all(noreply=False), True)
    # Not what has just been read: memcached 1.6.45 keeps that.
    equal("after flush_all", c.get("crlf"), None)


def main():
    c = Client((HOST, PORT), **TIMEOUTS)
    equal("flush_all first", c.flush_all(noreply=False), True)
    for part in (storage, counters, compare_and_swap, many, flags_and_bytes, large, objects, keys, expiry,
                 without_replies, administration):
        part(c)
    c.quit()
    pooled = PooledClient((HOST, PORT), max_pool_size=4, **TIMEOUTS)
    equal("pooled", (pooled.set("p", "v", noreply=False), pooled.get("p")), (True, b"v"))
    value, unique = pooled.gets("p")
    equal("pooled cas", (pooled.cas("p", "w", unique), pooled.get("p")), (True, b"w"))
    pooled.close()
    retrying = RetryingClient(Client((HOST, PORT), **TIMEOUTS), attempts=3)
    equal("retrying", (retrying.set("r", "v", noreply=False), retrying.get("r")), (True, b"v"))
    retrying.close()
    hashed = HashClient([(HOST, PORT)], use_pooling=True, **TIMEOUTS)
    equal("hashed set_many", hashed.set_many({f"h{i}": b"v" for i in range(50)}, noreply=False), [])
    equal("hashed get_many", len(hashed.get_many([f"h{i}" for i in range(50)])), 50)
    hashed.close()


main()
