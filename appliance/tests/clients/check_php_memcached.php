<?php
// What applications do through php-memcached: an object cache, counters, and sessions.
// Usage: check_php_memcached.php HOST PORT
function expect(bool $condition, string $what): void
{
    if (!$condition) {
        fwrite(STDERR, "failed: $what\n");
        exit(1);
    }
}

[, $host, $port] = $argv;
$cache = new Memcached();
$cache->addServer($host, (int)$port);
expect($cache->flush(), 'flush');
expect($cache->get('k') === false && $cache->getResultCode() === Memcached::RES_NOTFOUND, 'miss');
foreach (['text', 42, 1.5, true, ['a' => [1, 2]], new ArrayObject([1]), str_repeat('x', 300000)] as $value) {
    expect($cache->set('k', $value, 60) && $cache->get('k') == $value, 'set and get of ' . gettype($value));
}
expect(!$cache->add('k', 1) && $cache->add('new', 1), 'add');
expect($cache->replace('new', 2) && !$cache->replace('none', 2), 'replace');
$cache->setOption(Memcached::OPT_COMPRESSION, false);
expect($cache->set('s', 'b') && $cache->append('s', 'c') && $cache->prepend('s', 'a'), 'append and prepend');
expect($cache->get('s') === 'abc', 'value of both');
expect($cache->set('n', 10) && $cache->increment('n', 5) === 15 && $cache->decrement('n', 20) === 0, 'counters');
expect($cache->increment('none') === false, 'missing counter');
expect($cache->touch('s', 100) && $cache->delete('s') && !$cache->delete('s'), 'touch and delete');

$many = [];
for ($i = 0; $i < 500; $i++) {
    $many["key$i"] = "value $i";
}
expect($cache->setMulti($many) && $cache->getMulti(array_keys($many)) == $many, 'many');

$extended = $cache->get('new', null, Memcached::GET_EXTENDED);
expect($cache->cas($extended['cas'], 'new', 'swapped') && $cache->get('new') === 'swapped', 'cas');
expect(!$cache->cas($extended['cas'], 'new', 'again'), 'stale cas');
$expect = "$host:$port";
expect(str_starts_with($cache->getVersion()[$expect], '1.6.45'), 'version');
expect($cache->getStats()[$expect]['curr_items'] > 500, 'stats');

ini_set('session.save_handler', 'memcached');
ini_set('session.save_path', "$host:$port");
ini_set('memcached.sess_binary_protocol', '0');
ini_set('session.use_cookies', '0');
ini_set('session.cache_limiter', '');
session_id('sessionoftest');
expect(session_start(), 'session start');
$_SESSION['user'] = ['name' => 'somebody', 'visits' => 3];
session_write_close();
$_SESSION = [];
session_id('sessionoftest');
expect(session_start() && $_SESSION['user']['visits'] === 3, 'session read again');
expect(session_destroy(), 'session end');
echo "php-memcached: all checks passed\n";
