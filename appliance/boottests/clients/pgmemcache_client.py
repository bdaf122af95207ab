"""PostgreSQL keeps things in memcached through pgmemcache. Arguments: host port [binary].

PostgreSQL runs with a data directory and a socket of its own, and listens to nothing else. Exits with 0 when every
answer was right.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

HOST, PORT = sys.argv[1], sys.argv[2]
PROTOCOL = sys.argv[3] if len(sys.argv) > 3 else "text"
BIN = "/usr/lib/postgresql/15/bin"
# PostgreSQL refuses to be root.
USER = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []

# One row per question: what it is, an expression, and its value as text.
CHECKS = [
    ("set", "memcache_set('k', 'v')", "true"),
    ("get", "memcache_get('k')", "v"),
    ("get of nothing", "memcache_get('nothing') is null", "true"),
    ("add over it", "memcache_add('k', 'w')", "false"),
    ("add", "memcache_add('added', 'w')", "true"),
    ("replace", "memcache_replace('k', 'x')", "true"),
    ("replace of nothing", "memcache_replace('nothing', 'x')", "false"),
    ("append", "memcache_append('k', 'yz')", "true"),
    ("prepend", "memcache_prepend('k', 'w')", "true"),
    ("get after append and prepend", "memcache_get('k')", "wxyz"),
    ("delete", "memcache_delete('k')", "true"),
    ("delete again", "memcache_delete('k')", "false"),
    ("characters", "memcache_set('snowman', 'Grüße, ☃')", "true"),
    ("characters again", "memcache_get('snowman')", "Grüße, ☃"),
    ("set bytes", r"memcache_set('bytes', '\xdeadbeef'::bytea)", "true"),
    ("large values",
     "bool_and(memcache_set('large' || n, repeat('x', n))) from unnest(array[1, 1460, 65536, 1000000]) n", "true"),
    ("large values again",
     "bool_and(memcache_get('large' || n) = repeat('x', n)) from unnest(array[1, 1460, 65536, 1000000]) n", "true"),
    ("300 sets", "bool_and(memcache_set('many-' || n, 'value ' || n)) from generate_series(1, 300) n", "true"),
    ("get_multi", "count(*) from memcache_get_multi(array(select 'many-' || n from generate_series(0, 400) n)) m"
     " where m.value = replace(m.key, 'many-', 'value ')", "300"),
    ("expire", "memcache_set('short', 'v', interval '2 seconds')", "true"),
    ("expire at", "memcache_set('long', 'v', now() + interval '1 hour')", "true"),
    ("before expiry", "memcache_get('short')", "v"),
    ("after expiry", "memcache_get('short') is null from pg_sleep(3.2)", "true"),
    ("not after expiry", "memcache_get('long')", "v"),
    ("stats", "memcache_stats() ~ 'version: 1[.]6[.]'", "true"),
    ("a trigger", "memcache_get('user:7:name')", "Ada"),
    ("flush_all", "memcache_flush_all()", "true"),
    ("after flush_all", "memcache_get('long') is null", "true"),
]

# In the text protocol its counters are always -1.
BINARY_CHECKS = [
    ("set counter", "memcache_set('n', '10')", "true"),
    ("incr", "memcache_incr('n', 5)", "15"),
    ("decr", "memcache_decr('n', 7)", "8"),
    ("incr by one", "memcache_incr('n')", "9"),
    ("incr of nothing", "memcache_incr('nothing')", "-1"),
]

SETUP = """
create extension pgmemcache;
create table users (id int primary key, name text);
create function cache_user() returns trigger language plpgsql as $$
begin perform memcache_set('user:' || new.id || ':name', new.name); return new; end $$;
create trigger cache_user after insert or update on users for each row execute function cache_user();
"""


def run(what, *command, **more):
    done = subprocess.run([*USER, *command], capture_output=True, text=True, timeout=120, **more)
    if done.returncode != 0:
        sys.exit(f"{what} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def query(expression):
    value, *rest = expression.partition(" from ")
    return f"select ({value})::text{''.join(rest)}"


def ask(directory, *statements):
    commands = [part for statement in statements for part in ("-c", statement)]
    return run(statements[-1], f"{BIN}/psql", "-h", directory, "-U", "postgres", "-d", "postgres", "-XAtq",
               "-v", "ON_ERROR_STOP=1", *commands, cwd=directory)


def wait_for(directory, server):
    ready = [*USER, f"{BIN}/pg_isready", "-q", "-U", "postgres", "-h", directory]
    for _ in range(300):
        if server.poll() is not None:
            sys.exit(f"PostgreSQL ended with {server.returncode}")
        if subprocess.run(ready, cwd=directory).returncode == 0:
            return
        time.sleep(0.1)
    sys.exit("PostgreSQL does not answer")


def check(directory):
    ask(directory, SETUP)
    checks = (BINARY_CHECKS if PROTOCOL == "binary" else []) + CHECKS
    # One session, as an application's connection would be.
    answers = ask(directory, "select memcache_flush_all()", "insert into users values (7, 'Grace')",
                  "update users set name = 'Ada'", *[query(expression) for _, expression, _ in checks])
    for (what, _, expected), actual in zip(checks, answers.splitlines()[1:], strict=True):
        if actual != expected:
            sys.exit(f"{what}: expected {expected!r:.300}, got {actual!r:.300}")


def main():
    directory = tempfile.mkdtemp()
    try:
        if USER:
            shutil.chown(directory, "nobody", "nogroup")
        data = os.path.join(directory, "data")
        run("initdb", f"{BIN}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C",
            "--no-sync", "--no-instructions", cwd=directory)
        options = {
            "listen_addresses": "", "unix_socket_directories": directory, "fsync": "off", "max_connections": "5",
            "shared_preload_libraries": "pgmemcache", "pgmemcache.default_servers": f"{HOST}:{PORT}",
            "pgmemcache.default_behavior": f"BINARY_PROTOCOL:{int(PROTOCOL == 'binary')}", "log_min_messages": "fatal",
        }
        server = subprocess.Popen([*USER, f"{BIN}/postgres", "-D", data,
                                   *[part for name, value in options.items() for part in ("-c", f"{name}={value}")]],
                                  cwd=directory)
        try:
            wait_for(directory, server)
            check(directory)
        finally:
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
            server.send_signal(2)
            server.wait(60)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
