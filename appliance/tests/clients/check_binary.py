"""What applications do through pylibmc in the binary protocol. Usage: check_binary.py HOST PORT [NAME PASSWORD]

With a name and a password, the server wants a login, which is tried with wrong ones as well.
"""
import sys

import pylibmc

SERVER = "%s:%s" % (sys.argv[1], sys.argv[2])
LOGIN = dict(zip(("username", "password"), sys.argv[3:5]))


def check(behaviors):
    client = pylibmc.Client([SERVER], binary=True, behaviors=behaviors, **LOGIN)
    assert client.flush_all()
    assert client.get("k") is None
    for value in ("text", b"bytes", 42, True, 1.5, {"a": [1, 2, None]}, "x" * 100000):
        assert client.set("k", value) and client.get("k") == value
    assert not client.add("k", "other") and client.add("new", "other")
    assert client.replace("k", "replaced") and client.get("k") == "replaced"
    assert client.set("s", "b") and client.append("s", "c") and client.prepend("s", "a") and client.get("s") == "abc"
    assert client.delete("s") and not client.delete("s")
    assert client.set("n", 10) and client.incr("n") == 11 and client.incr("n", 9) == 20 and client.decr("n", 5) == 15
    many = {"key%d" % i: "value %d" % i for i in range(1000)}
    assert client.set_multi(many) == [] and client.get_multi(many.keys()) == many
    assert client.delete_multi(many.keys()) and client.get_multi(many.keys()) == {}
    assert client.touch("k", 100) and not client.touch("none", 100)
    server, stats = client.get_stats()[0]
    assert stats["version"].startswith(b"1.6.45") and int(stats["curr_items"]) >= 3
    client.disconnect_all()


check({})
check({"tcp_nodelay": True})
if LOGIN:
    for wrong in ({}, dict(LOGIN, password="wrong"), dict(LOGIN, username="nobody")):
        client = pylibmc.Client([SERVER], binary=True, **wrong)
        try:
            client.set("k", "v")
            raise AssertionError("let in with %r" % wrong)
        except pylibmc.Error:
            pass
print("pylibmc, binary: all checks passed")
