"""What an application does through pylibmc, that is libmemcached.

Arguments: host port [binary [user password]]. Exits with 0 when all was right.
"""

import sys
import threading
import time

import pylibmc

SERVER = f"{sys.argv[1]}:{sys.argv[2]}"
IS_BINARY = len(sys.argv) > 3
CREDENTIALS = dict(zip(("username", "password"), sys.argv[4:]))
BEHAVIORS = {"tcp_nodelay": True, "cas": True, "connect_timeout": 20_000, "receive_timeout": 20_000_000,
             "send_timeout": 20_000_000, "_poll_timeout": 20_000}


def equal(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def raises(what, error, action):
    try:
        action()
    except error:
        return
    sys.exit(f"{what}: did not raise {error.__name__}")


def client(behaviors=BEHAVIORS):
    return pylibmc.Client([SERVER], binary=IS_BINARY, behaviors=behaviors, **CREDENTIALS)


def objects(mc):
    things = {"text": "grüße", "number": 42, "long": 2**70, "float": 1.5, "true": True, "list": [1, "a", None],
              "dict": {"a": (1, 2)}, "bytes": b"\x00\xff\r\n"}
    for key, thing in things.items():
        equal(f"set {key}", mc.set(key, thing), True)
        equal(f"get {key}", mc.get(key), thing)
    equal("get_multi", mc.get_multi(list(things) + ["missing"]), things)
    equal("set_multi with prefix", mc.set_multi(things, key_prefix="p:"), [])
    equal("get_multi with prefix", mc.get_multi(list(things), key_prefix="p:"), things)
    equal("delete_multi", mc.delete_multi(list(things), key_prefix="p:"), True)
    equal("get_multi of nothing", mc.get_multi(list(things), key_prefix="p:"), {})
    equal("contains", ("number" in mc, "missing" in mc), (True, False))
    many = {f"many-{i}": f"value {i} " * (i % 60) for i in range(500)}
    equal("set_multi of 500", mc.set_multi(many), [])
    equal("get_multi of 500", mc.get_multi(list(many)), many)
    equal("delete_multi of 500", (mc.delete_multi(list(many)), mc.get_multi(list(many))), (True, {}))
    equal("a key of 250 bytes", (mc.set("k" * 250, "v"), mc.get("k" * 250)), (True, "v"))


def storage(mc):
    equal("add", (mc.add("a", "1"), mc.add("a", "2")), (True, False))
    equal("replace", mc.replace("a", "3"), True)
    if IS_BINARY:
        raises("replace of nothing", pylibmc.NotFound, lambda: mc.replace("b", "3"))
    else:
        equal("replace of nothing", mc.replace("b", "3"), False)
    equal("append", (mc.append("a", "4"), mc.prepend("a", "2"), mc.get("a")), (True, True, "234"))
    equal("delete", (mc.delete("a"), mc.delete("a")), (True, False))
    equal("set n", mc.set("n", 10), True)
    equal("incr", (mc.incr("n"), mc.incr("n", 9), mc.decr("n", 5)), (11, 20, 15))
    raises("incr of nothing", pylibmc.NotFound, lambda: mc.incr("nothing"))
    value, unique = mc.gets("n")
    equal("gets", value, 15)
    equal("cas", (mc.cas("n", 16, unique), mc.cas("n", 17, unique), mc.get("n")), (True, False, 16))


def sizes(mc):
    for size in (0, 1, 100, 1459, 1460, 1461, 10_000, 1_000_000):
        mc.set("sized", b"x" * size)
        equal(f"{size} bytes", len(mc.get("sized")), size)
    packed = "compress me " * 50_000
    mc.set("packed", packed, min_compress_len=1000)
    equal("compressed", mc.get("packed"), packed)
    raises("a value over 1 MiB", pylibmc.Error, lambda: mc.set("huge", b"x" * (2 * 1024 * 1024)))
    equal("the connection lives on", mc.get("packed"), packed)


def expiry(mc):
    mc.set("short", "v", time=2)
    equal("touch", (mc.touch("packed", 100), mc.touch("nothing", 100)), (True, False))
    equal("before expiry", mc.get("short"), "v")
    time.sleep(3.5)
    equal("after expiry", mc.get("short"), None)


def threads(mc):
    problems = []

    def work(pool, number):
        for i in range(100):
            with pool.reserve() as client:
                client.set(f"t{number}-{i}", i)
                if client.get(f"t{number}-{i}") != i:
                    problems.append((number, i))

    pool = pylibmc.ClientPool(mc, 4)
    workers = [threading.Thread(target=work, args=(pool, number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    equal("threads sharing a pool", problems, [])


def wrong_password():
    stranger = pylibmc.Client([SERVER], binary=True, behaviors=BEHAVIORS, username=CREDENTIALS["username"],
                              password=CREDENTIALS["password"] + "x")
    raises("a wrong password", pylibmc.Error, lambda: stranger.set("text", "wrong"))


def main():
    if CREDENTIALS:
        wrong_password()
    mc = client()
    equal("flush_all first", mc.flush_all(), True)
    for part in (objects, storage, sizes, expiry, threads):
        part(mc)
    (_, stats), = mc.get_stats()
    equal("stats version", stats["version"].startswith(b"1.6."), True)
    equal("flush_all", mc.flush_all(), True)
    equal("after flush_all", mc.get("text"), None)
    for name, behaviors in (("ketama", {"ketama": True, "hash": "murmur"}), ("no_block", {"no_block": True})):
        other = client({**BEHAVIORS, **behaviors})
        equal(f"with {name}", (other.set("other", name), other.get("other")), (True, name))
    quiet = client({**BEHAVIORS, "no_block": True, "_noreply": True})
    for i in range(200):
        quiet.set(f"quiet-{i}", i)
    # libmemcached collects silent requests, and a request with a reply sends what it has collected.
    equal("a get behind silent sets", quiet.get("quiet-199"), 199)
    equal("silent sets", mc.get_multi([f"quiet-{i}" for i in range(200)]), {f"quiet-{i}": i for i in range(200)})


main()
