"""What an application does through python-binary-memcached. Arguments: host port [user password].

Exits with 0 when every answer was right.
"""

import random
import sys
import time

import bmemcached

SERVER = f"{sys.argv[1]}:{sys.argv[2]}"
USER, PASSWORD = sys.argv[3:5] if len(sys.argv) > 3 else (None, None)


def equal(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def values(mc):
    things = {"text": "grüße", "number": 42, "float": 1.5, "list": [1, "a", None], "bytes": b"\x00\xff\r\nEND\r\n",
              "empty": ""}
    for key, thing in things.items():
        equal(f"set {key}", mc.set(key, thing), True)
        equal(f"get {key}", mc.get(key), thing)
    equal("get of nothing", (mc.get("nothing"), mc.get("nothing", 7)), (None, 7))
    equal("a key that is not ASCII", (mc.set("schlüssel-☃", "v"), mc.get("schlüssel-☃")), (True, "v"))
    equal("a key of 250 bytes", (mc.set("k" * 250, "v"), mc.get("k" * 250)), (True, "v"))
    source = random.Random(1)
    for size in (1, 1460, 65_536, 1_000_000):
        value = source.randbytes(size)
        equal(f"set {size}", mc.set("sized", value, compress_level=0), True)
        equal(f"get {size}", mc.get("sized") == value, True)


def storage(mc):
    equal("add", (mc.add("a", "1"), mc.add("a", "2")), (True, False))
    equal("replace", (mc.replace("a", "3"), mc.replace("b", "3")), (True, False))
    # This client takes it that what should be gone is gone.
    equal("delete", (mc.delete("a"), mc.get("a"), mc.delete("a")), (True, None, True))
    equal("incr of nothing", mc.incr("n", 5), 0)
    equal("incr, decr", (mc.incr("n", 15), mc.decr("n", 7), mc.decr("n", 50)), (15, 8, 0))
    mc.set("c", "1")
    value, unique = mc.gets("c")
    equal("gets", value, "1")
    equal("cas", (mc.cas("c", "2", unique), mc.cas("c", "3", unique), mc.get("c")), (True, False, "2"))
    equal("delete with an old unique", (mc.delete("c", cas=unique), mc.get("c")), (False, "2"))


def many(mc):
    pairs = {f"many-{i}": f"value {i} " * (i % 60 + 1) for i in range(500)}
    equal("set_multi", mc.set_multi(pairs), [])
    equal("get_multi", mc.get_multi(list(pairs) + ["missing"]), pairs)
    equal("get_multi with uniques", len(mc.get_multi(list(pairs), get_cas=True)), 500)
    equal("delete_multi", (mc.delete_multi(list(pairs)), mc.get_multi(list(pairs))), (True, {}))


def expiry(mc):
    mc.set("short", "v", time=2)
    equal("before expiry", mc.get("short"), "v")
    time.sleep(3.2)
    equal("after expiry", mc.get("short"), None)


def wrong_password():
    stranger = bmemcached.Client((SERVER,), USER, PASSWORD + "x", socket_timeout=20)
    try:
        equal("a wrong password", stranger.set("text", "wrong"), False)
    except bmemcached.exceptions.MemcachedException:
        pass


def main():
    if PASSWORD:
        wrong_password()
    mc = bmemcached.Client((SERVER,), USER, PASSWORD, socket_timeout=20)
    equal("flush_all first", mc.flush_all(), True)
    for part in (values, storage, many, expiry):
        part(mc)
    stats = mc.stats()[SERVER]
    equal("stats version", stats["version"].decode().startswith("1.6."), True)
    equal("stats settings", int(mc.stats("settings")[SERVER]["item_size_max"]), 1024 * 1024)
    equal("flush_all", (mc.flush_all(), mc.get("text")), (True, None))
    mc.disconnect_all()


main()
