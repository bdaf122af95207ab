#!/usr/bin/env bash
# What an operator does with the programs of libmemcached-tools. Arguments: host port [--binary].
# Exits with 0 when every program did what it should.
set -euo pipefail

servers=$1:$2
binary=${3:+--binary}
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
cd "$files"

fail() {
    echo "libmemcached_tools.sh $binary: $*" >&2
    exit 1
}

# A program of libmemcached-tools, with the server that this is about. It may hang if an answer is missing.
tool() {
    local program=$1
    shift
    timeout 60 "$program" "--servers=$servers" $binary "$@"
}

expect() {
    local what=$1
    shift
    "$@" >"$files/said" 2>&1 || fail "$what: '$*' ended with $?: $(cat "$files/said")"
}

refuse() {
    local what=$1
    shift
    ! "$@" >"$files/said" 2>&1 || fail "$what: '$*' succeeded: $(cat "$files/said")"
}

same() {
    cmp -s "$2" "$3" || fail "$1: what came back is not what was stored"
}

printf 'hello, cache\n' >greeting
: >nothing
head -c 1000000 /dev/urandom >large
printf 'VALUE large 0 1\r\nx\r\nEND\r\n\0\377' >odd
for i in $(seq 300); do echo "value $i" >"many-$i"; done

timeout 60 memcping "--servers=$servers" || fail 'memcping: the server is not there'
expect 'memcflush first' tool memcflush
refuse 'memcexist of nothing' tool memcexist greeting
expect 'memccp' tool memccp greeting nothing large odd
expect 'memcexist' tool memcexist greeting
for name in greeting large odd; do
    expect "memccat $name" tool memccat --file=copy "$name"
    same "memccat $name" copy "$name"
done
expect 'memccat of an empty value' tool memccat nothing
refuse 'memccat of a missing key' tool memccat missing

refuse 'memccp --add of what is there' tool memccp --add greeting
printf 'hello again\n' >greeting
expect 'memccp --replace' tool memccp --replace greeting
expect 'memccat after --replace' tool memccat --file=copy greeting
same 'memccp --replace' copy greeting
printf 'unknown\n' >stranger
refuse 'memccp --replace of what is not there' tool memccp --replace stranger
expect 'memccp --add' tool memccp --add --flags=4711 stranger
expect 'memccat --flags' tool memccat --flags stranger
grep -q 4711 said || fail "memccat --flags: the flags are not 4711: $(cat said)"

expect 'memccp of 300 files' tool memccp many-*
expect 'memccat of 300 keys' tool memccat $(seq -f 'many-%.0f' 300)
[[ $(grep -c '^value ' said) == 300 ]] || fail "memccat of 300 keys: $(grep -c '^value ' said) came back"

expect 'memccp --expire' tool memccp --expire=2 greeting stranger
expect 'memctouch' tool memctouch --expire=100 stranger
refuse 'memctouch of a missing key' tool memctouch --expire=100 missing
expect 'memcrm' tool memcrm odd
refuse 'memcrm again' tool memcrm odd
sleep 3.2
refuse 'memccp --expire: the item is still there' tool memcexist greeting
expect 'memctouch: the item is gone' tool memcexist stranger

expect 'memcstat' tool memcstat
for name in pid uptime version curr_items cmd_get get_hits bytes limit_maxbytes evictions; do
    grep -qE "\b$name:" said || fail "memcstat: no $name in: $(cat said)"
done
expect 'memcstat settings' tool memcstat settings
grep -q item_size_max said || fail "memcstat settings: $(cat said)"
expect 'memcstat --server-version' tool memcstat --server-version
grep -qE '1\.6\.[0-9]+' said || fail "memcstat --server-version: $(cat said)"
expect 'memcstat --analyze' tool memcstat --analyze

# It has no binary form. memcached shows a part of what it has, and of what it had.
[[ -n $binary ]] || expect 'memcdump' tool memcdump

for test in set get mget; do
    expect "memcslap --test=$test" tool memcslap --flush --concurrency=2 --execute-number=500 "--test=$test"
done
[[ -n $binary ]] || expect 'memcslap --noreply' tool memcslap --noreply --execute-number=500 --test=set

expect 'memcflush' tool memcflush
refuse 'memcflush: an item is still there' tool memcexist stranger
