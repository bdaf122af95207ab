"""What an application does through python-memcached. Arguments: host port. Exits with 0 when every answer was right."""

import sys
import time

import memcache

SERVER = f"{sys.argv[1]}:{sys.argv[2]}"


def equal(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def objects(mc):
    things = {"text": "grüße", "number": 42, "long": 2**70, "float": 1.5, "list": [1, "a", None],
              "bytes": b"\x00\xff\r\nEND\r\n", "empty": ""}
    for key, thing in things.items():
        equal(f"set {key}", mc.set(key, thing), True)
        equal(f"get {key}", mc.get(key), thing)
    equal("get of nothing", mc.get("nothing"), None)
    equal("a key that is not ASCII", (mc.set("schlüssel-☃", "v"), mc.get("schlüssel-☃")), (True, "v"))
    equal("a key of 250 bytes", (mc.set("k" * 250, "v"), mc.get("k" * 250)), (True, "v"))
    packed = "compress me " * 50_000
    equal("compressed", (mc.set("packed", packed, min_compress_len=1000), mc.get("packed") == packed), (True, True))


def storage(mc):
    equal("add", (mc.add("a", "1"), mc.add("a", "2")), (True, False))
    equal("replace", (mc.replace("a", "3"), mc.replace("b", "3")), (True, False))
    equal("append, prepend", (mc.append("a", "4"), mc.prepend("a", "2"), mc.get("a")), (True, True, "234"))
    equal("append to nothing", mc.append("b", "4"), False)
    # This client takes it that what should be gone is gone: it answers 1 for NOT_FOUND, too.
    equal("delete", (mc.delete("a"), mc.get("a"), mc.delete("a")), (1, None, 1))
    equal("set n", mc.set("n", "10"), True)
    equal("incr, decr", (mc.incr("n"), mc.incr("n", 9), mc.decr("n", 5), mc.decr("n", 50)), (11, 20, 15, 0))
    equal("incr of nothing", mc.incr("nothing"), None)


def compare_and_swap(mc, other):
    mc.set("c", "1")
    equal("gets", mc.gets("c"), "1")
    equal("cas", mc.cas("c", "2"), True)
    equal("gets again", mc.gets("c"), "2")
    equal("another one's set", other.set("c", "3"), True)
    equal("cas too late", (mc.cas("c", "4"), mc.get("c")), (False, "3"))


def many(mc):
    pairs = {f"many-{i}": f"value {i} " * (i % 60) for i in range(500)}
    equal("set_multi", mc.set_multi(pairs), [])
    equal("get_multi", mc.get_multi(list(pairs) + ["many-missing"]), pairs)
    equal("set_multi with a prefix", mc.set_multi({"a": "1", "b": "2"}, key_prefix="p:"), [])
    equal("get_multi with a prefix", mc.get_multi(["a", "b", "c"], key_prefix="p:"), {"a": "1", "b": "2"})
    equal("delete_multi", (mc.delete_multi(pairs), mc.get_multi(pairs)), (1, {}))


def sizes(mc):
    for size in (1, 1459, 1460, 1461, 65_536, 1_000_000):
        equal(f"set {size}", mc.set("sized", b"x" * size), True)
        equal(f"get {size}", mc.get("sized") == b"x" * size, True)


def without_replies(mc):
    for i in range(300):
        mc.set("silent", str(i), noreply=True)
    mc.incr("silent", 1, noreply=True)
    equal("behind silent commands", mc.get("silent"), "300")
    mc.touch("silent", 100, noreply=True)
    mc.add("silent", "x", noreply=True)
    mc.delete("silent", noreply=True)
    equal("silent delete", mc.get("silent"), None)


def expiry(mc):
    mc.set("short", "v", time=2)
    mc.set("touched", "v", time=2)
    equal("touch", (mc.touch("touched", 100), mc.touch("nothing", 100)), (1, 0))
    equal("before expiry", mc.get("short"), "v")
    time.sleep(3.2)
    equal("after expiry", (mc.get("short"), mc.get("touched")), (None, "v"))


def administration(mc):
    (_, stats), = mc.get_stats()
    equal("stats version", stats["version"].startswith("1.6."), True)
    equal("stats curr_items", int(stats["curr_items"]) > 0, True)
    (_, settings), = mc.get_stats("settings")
    equal("stats settings", int(settings["item_size_max"]), 1024 * 1024)
    mc.flush_all()
    equal("after flush_all", mc.get("text"), None)


def main():
    mc = memcache.Client([SERVER], socket_timeout=20, cache_cas=True)
    other = memcache.Client([SERVER], socket_timeout=20)
    mc.flush_all()
    objects(mc)
    storage(mc)
    compare_and_swap(mc, other)
    for part in (many, sizes, without_replies, expiry, administration):
        part(mc)


main()
