"""nginx serves pages from memcached, which an application fills. Arguments: host port. Exits with 0 when all was right.

nginx listens on a free port of the loopback, with a configuration of its own.
"""

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from pymemcache.client.base import Client

HOST, PORT = sys.argv[1], int(sys.argv[2])

# memcached_gzip_flag: values with that bit among their flags are sent on as what they are, compressed.
CONFIGURATION = """
daemon off;
master_process off;
pid {directory}/pid;
error_log stderr error;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    upstream cache {{ server {host}:{port}; keepalive 4; }}
    server {{
        listen 127.0.0.1:{listen};
        location / {{
            set $memcached_key "page:$uri";
            memcached_pass cache;
            memcached_gzip_flag 2;
            memcached_connect_timeout 20s;
            memcached_read_timeout 20s;
            default_type text/html;
            error_page 404 = @computed;
        }}
        location @computed {{ return 404 "not cached"; }}
    }}
}}
"""


def equal(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(base, path):
    try:
        with urllib.request.urlopen(base + urllib.parse.quote(path), timeout=30) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), refusal.headers


def wait_for(base, nginx):
    for _ in range(200):
        if nginx.poll() is not None:
            sys.exit(f"nginx ended with {nginx.returncode}")
        try:
            return get(base, "/")
        except OSError:
            time.sleep(0.05)
    sys.exit("nginx does not answer")


def pages(base, cache):
    equal("a page that is not there", get(base, "/none")[:2], (404, b"not cached"))
    source = random.Random(1)
    for size in (0, 1, 1460, 65_536, 1_000_000):
        page = source.randbytes(size)
        cache.set("page:/page", page, noreply=False)
        equal(f"status of {size} bytes", get(base, "/page")[0], 200)
        equal(f"{size} bytes", get(base, "/page")[1] == page, True)
    for i in range(200):
        cache.set(f"page:/many/{i}", f"page {i}", noreply=False)
    for i in range(200):
        equal(f"page {i}", get(base, f"/many/{i}")[1], f"page {i}".encode())
    # nginx quotes what a key may not hold, and nothing else.
    cache.set("page:/grüße%20", b"v", noreply=False)
    equal("a key that nginx quotes", get(base, "/grüße ")[:2], (200, b"v"))


def flags(base, cache):
    cache.set("page:/packed", b"\x1f\x8b and so on", flags=2, noreply=False)
    equal("gzip flag", get(base, "/packed")[2]["Content-Encoding"], "gzip")
    cache.set("page:/packed", b"plain", flags=1, noreply=False)
    equal("no gzip flag", get(base, "/packed")[2]["Content-Encoding"], None)


def ends(base, cache):
    cache.set("page:/gone", b"v", noreply=False)
    equal("before delete", get(base, "/gone")[0], 200)
    cache.delete("page:/gone", noreply=False)
    equal("after delete", get(base, "/gone")[0], 404)
    cache.set("page:/short", b"v", expire=2, noreply=False)
    equal("before expiry", get(base, "/short")[0], 200)
    time.sleep(3.2)
    equal("after expiry", get(base, "/short")[0], 404)


def main():
    cache = Client((HOST, PORT), connect_timeout=20, timeout=20, allow_unicode_keys=True)
    equal("flush_all first", cache.flush_all(noreply=False), True)
    with tempfile.TemporaryDirectory() as directory:
        listen = free_port()
        configuration = os.path.join(directory, "nginx.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(directory=directory, host=HOST, port=PORT, listen=listen))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", directory, "-e", "stderr", "-c", configuration])
        try:
            base = f"http://127.0.0.1:{listen}"
            wait_for(base, nginx)
            for part in (pages, flags, ends):
                part(base, cache)
        finally:
            nginx.terminate()
            nginx.wait(20)
    equal("flush_all", cache.flush_all(noreply=False), True)


main()
