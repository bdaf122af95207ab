"""What applications do through pylibmc (libmemcached, text protocol). Usage: check_pylibmc.py HOST PORT"""
import sys

import pylibmc

SERVER = "%s:%s" % (sys.argv[1], sys.argv[2])


def check(behaviors):
    client = pylibmc.Client([SERVER], binary=False, behaviors=behaviors)
    assert client.flush_all()
    assert client.get("k") is None
    for value in ("text", b"bytes", 42, True, 1.5, {"a": [1, 2, None]}, "x" * 100000):
        assert client.set("k", value) and client.get("k") == value
    assert not client.add("k", "other") and client.add("new", "other")
    assert client.replace("k", "replaced") and client.get("k") == "replaced"
    assert client.set("s", "b") and client.append("s", "c") and client.prepend("s", "a") and client.get("s") == "abc"
    assert client.delete("s") and not client.delete("s")
    assert client.set("n", 10) and client.incr("n") == 11 and client.incr("n", 9) == 20 and client.decr("n", 5) == 15
    try:
        client.incr("none")
        raise AssertionError("a missing counter was incremented")
    except pylibmc.NotFound:
        pass
    many = {"key%d" % i: "value %d" % i for i in range(1000)}
    assert client.set_multi(many) == [] and client.get_multi(many.keys()) == many
    assert client.delete_multi(many.keys()) and client.get_multi(many.keys()) == {}
    assert client.touch("k", 100) and not client.touch("none", 100)
    if behaviors.get("cas"):
        value, unique = client.gets("k")
        assert client.cas("k", "swapped", unique) and client.get("k") == "swapped"
        assert not client.cas("k", "again", unique)
    server, stats = client.get_stats()[0]
    assert stats["version"].startswith(b"1.6.45") and int(stats["curr_items"]) >= 3
    client.disconnect_all()


check({})
check({"cas": True, "tcp_nodelay": True})
check({"no_block": True, "buffer_requests": False})
check({"ketama": True, "hash": "murmur"})
print("pylibmc: all checks passed")
