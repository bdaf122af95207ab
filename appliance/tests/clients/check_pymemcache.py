"""What applications do through pymemcache. Usage: check_pymemcache.py HOST PORT"""
import random
import sys
import time

from pymemcache.client.base import Client, PooledClient
from pymemcache.client.hash import HashClient
from pymemcache.exceptions import MemcacheClientError, MemcacheIllegalInputError, MemcacheServerError

ADDRESS = (sys.argv[1], int(sys.argv[2]))


def commands(client):
    assert client.flush_all(noreply=False)
    assert client.get("k") is None and client.get("k", "default") == "default"
    assert client.set("k", b"v", noreply=False) and client.get("k") == b"v"
    assert client.add("k", b"w", noreply=False) is False
    assert client.replace("k", b"x", noreply=False) and client.get("k") == b"x"
    assert client.replace("other", b"x", noreply=False) is False
    assert client.append("k", b"y", noreply=False) and client.prepend("k", b"w", noreply=False)
    assert client.get("k") == b"wxy"
    value, unique = client.gets("k")
    assert value == b"wxy" and client.cas("k", b"new", unique, noreply=False) is True
    assert client.cas("k", b"newer", unique, noreply=False) is False
    assert client.cas("other", b"v", unique, noreply=False) is None
    assert client.delete("k", noreply=False) and not client.delete("k", noreply=False)
    assert client.incr("n", 1) is None
    assert client.set("n", b"9", noreply=False) and client.incr("n", 2) == 11 and client.decr("n", 20) == 0
    assert client.touch("n", 100, noreply=False) and not client.touch("none", 100, noreply=False)
    assert client.get("n") == b"0 "
    assert client.version().startswith(b"1.6.45")


def many(client):
    values = {"key%d" % i: b"v" * (i % 300) for i in range(2000)}
    assert client.set_many(values, noreply=False) == []
    assert client.get_many(list(values)) == values
    assert len(client.gets_many(list(values))) == len(values)
    assert client.delete_many(list(values), noreply=False)
    assert client.get_many(list(values)) == {}


def sizes(client):
    source = random.Random(1)
    for size in (0, 1, 1000, 4096, 65536, 524288, 1024 * 1024 - 60 - len("big")):
        value = source.randbytes(size)
        assert client.set("big", value, noreply=False) and client.get("big") == value
    try:
        client.set("big", b"x" * (1024 * 1024), noreply=False)
        raise AssertionError("a value beyond the limit was stored")
    except MemcacheServerError as error:
        assert b"object too large for cache" in error.args[0]
    assert client.get("big") is None
    key = "k" * 250
    assert client.set(key, b"v", noreply=False) and client.get(key) == b"v"
    try:
        client.get("k" * 251)
        raise AssertionError("a key beyond the limit was accepted")
    except MemcacheIllegalInputError:
        pass


def errors(client):
    client.set("text", b"abc", noreply=False)
    try:
        client.incr("text", 1)
        raise AssertionError("a word was incremented")
    except MemcacheClientError as error:
        assert b"non-numeric" in error.args[0]


def expiry(client):
    client.set("short", b"v", expire=1, noreply=False)
    client.set("absolute", b"v", expire=int(time.time()) + 1, noreply=False)
    client.set("long", b"v", expire=100, noreply=False)
    client.set("past", b"v", expire=-1, noreply=False)
    assert client.get("past") is None
    time.sleep(2.1)
    assert client.get("short") is None and client.get("absolute") is None and client.get("long") == b"v"


def statistics(client):
    before = client.stats()
    client.set("s", b"v", noreply=False)
    client.get("s")
    after = client.stats()
    assert after[b"get_hits"] == before[b"get_hits"] + 1 and after[b"cmd_set"] == before[b"cmd_set"] + 1
    assert client.stats("settings")[b"item_size_max"] == 1024 * 1024


plain = Client(ADDRESS, connect_timeout=10, timeout=10)
for check in (commands, many, sizes, errors, expiry, statistics):
    check(plain)
plain.close()
pooled = PooledClient(ADDRESS, max_pool_size=4, connect_timeout=10, timeout=10)
commands(pooled)
many(pooled)
pooled.close()
hashed = HashClient([ADDRESS], connect_timeout=10, timeout=10)
assert hashed.set_many({"a": b"1", "b": b"2"}) == [] and hashed.get_many(["a", "b", "c"]) == {"a": b"1", "b": b"2"}
hashed.close()
print("pymemcache: all checks passed")
