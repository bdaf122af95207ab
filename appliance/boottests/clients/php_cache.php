<?php
// What an application's object cache does through php-memcached. Arguments: host port [binary [user password]].
// Exits with 0 when all was right.

declare(strict_types=1);

function fail(string $message): never
{
    fwrite(STDERR, $message . "\n");
    exit(1);
}

function equal(string $what, mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        fail("$what: expected " . var_export($expected, true) . ', got ' . var_export($actual, true));
    }
}

final class Article
{
    /** @param list<string> $tags */
    public function __construct(public int $id, public string $title, public array $tags)
    {
    }
}

/** @param list<string> $more */
function client(string $host, int $port, array $more): Memcached
{
    $cache = new Memcached();
    $cache->setOption(Memcached::OPT_BINARY_PROTOCOL, $more !== []);
    if (isset($more[2])) {
        $cache->setSaslAuthData($more[1], $more[2]);
    }
    $cache->setOptions([
        Memcached::OPT_TCP_NODELAY => true,
        Memcached::OPT_CONNECT_TIMEOUT => 20_000,
        Memcached::OPT_POLL_TIMEOUT => 20_000,
        Memcached::OPT_RECV_TIMEOUT => 20_000_000,
        Memcached::OPT_SEND_TIMEOUT => 20_000_000,
    ]);
    $cache->addServer($host, $port);
    return $cache;
}

function objects(Memcached $cache): void
{
    $article = new Article(7, 'Grüße aus dem Cache', ['php', 'memcached']);
    equal('set object', $cache->set('article:7', $article, 300), true);
    $copy = $cache->get('article:7');
    equal('get object', $copy instanceof Article && $copy == $article, true);
    foreach (['int' => 42, 'float' => 1.5, 'bool' => false, 'null' => null, 'array' => ['a' => [1, 2]], 'bytes' => "\x00\xff\r\n"] as $key => $value) {
        equal("set $key", $cache->set($key, $value), true);
        equal("get $key", $cache->get($key), $value);
        equal("result of $key", $cache->getResultCode(), Memcached::RES_SUCCESS);
    }
    equal('miss', [$cache->get('missing'), $cache->getResultCode()], [false, Memcached::RES_NOTFOUND]);
    $computed = $cache->get('computed', static function (Memcached $memcached, string $key, mixed &$value): bool {
        $value = "made for $key";
        return true;
    });
    equal('read through', [$computed, $cache->get('computed')], ['made for computed', 'made for computed']);
}

function storage(Memcached $cache): void
{
    $isBinary = (bool)$cache->getOption(Memcached::OPT_BINARY_PROTOCOL);
    equal('add', [$cache->add('a', '1'), $cache->add('a', '2')], [true, false]);
    equal('add refused', $cache->getResultCode(), $isBinary ? Memcached::RES_DATA_EXISTS : Memcached::RES_NOTSTORED);
    equal('replace', [$cache->replace('a', '3'), $cache->replace('b', '3')], [true, false]);
    $cache->setOption(Memcached::OPT_COMPRESSION, false);
    equal('append', [$cache->append('a', '4'), $cache->prepend('a', '2'), $cache->get('a')], [true, true, '234']);
    $cache->setOption(Memcached::OPT_COMPRESSION, true);
    equal('delete', [$cache->delete('a'), $cache->delete('a')], [true, false]);
    equal('counter', [$cache->set('n', 10), $cache->increment('n', 5), $cache->decrement('n', 20)], [true, 15, 0]);
    $extended = $cache->get('n', null, Memcached::GET_EXTENDED);
    equal('cas', [$cache->cas($extended['cas'], 'n', 1), $cache->cas($extended['cas'], 'n', 2)], [true, false]);
    equal('cas refused', $cache->getResultCode(), Memcached::RES_DATA_EXISTS);
    equal('unconditional, by key', [$cache->setByKey('group', 'k', 'v'), $cache->getByKey('group', 'k')], [true, 'v']);
    equal('touch', [$cache->touch('n', 100), $cache->touch('missing', 100)], [true, false]);
}

function many(Memcached $cache): void
{
    $items = [];
    for ($i = 0; $i < 300; $i++) {
        $items["many:$i"] = str_repeat(chr(65 + $i % 26), $i * 7);
    }
    equal('setMulti', $cache->setMulti($items, 300), true);
    equal('getMulti', $cache->getMulti(array_keys($items)), $items);
    equal('getDelayed', $cache->getDelayed(array_keys($items)), true);
    equal('fetchAll', count($cache->fetchAll()), 300);
    equal('deleteMulti', array_unique(array_values($cache->deleteMulti(array_keys($items)))), [true]);
    equal('nothing left', $cache->getMulti(array_keys($items)), []);
    foreach ([Memcached::SERIALIZER_JSON_ARRAY, Memcached::SERIALIZER_PHP] as $serializer) {
        $cache->setOption(Memcached::OPT_SERIALIZER, $serializer);
        equal('serializer', [$cache->set('s', ['a' => [1, 2]]), $cache->get('s')], [true, ['a' => [1, 2]]]);
    }
    $cache->setOption(Memcached::OPT_PREFIX_KEY, 'prefix:');
    equal('prefix', [$cache->set('p', 'v'), $cache->get('p')], [true, 'v']);
    $cache->setOption(Memcached::OPT_PREFIX_KEY, '');
    equal('a prefix from outside', $cache->get('prefix:p'), 'v');
    // The client itself refuses such a key in the text protocol.
    $isBinary = (bool)$cache->getOption(Memcached::OPT_BINARY_PROTOCOL);
    equal('a key that is not ASCII', [$cache->set('schlüssel-☃', 'v'), $cache->get('schlüssel-☃')],
        [$isBinary, $isBinary ? 'v' : false]);
    $page = random_bytes(900_000);
    equal('large', [$cache->set('page', $page), $cache->get('page') === $page], [true, true]);
    $html = str_repeat('<p>compressible</p>', 100_000);
    equal('compressed', [$cache->set('html', $html), $cache->get('html') === $html], [true, true]);
}

function expiry(Memcached $cache): void
{
    $cache->set('short', 'v', 2);
    equal('before expiry', $cache->get('short'), 'v');
    usleep(3_500_000);
    equal('after expiry', $cache->get('short'), false);
}

$more = array_slice($argv, 3);
if (isset($more[2])) {
    $stranger = client($argv[1], (int)$argv[2], ['binary', $more[1], "$more[2]x"]);
    equal('a wrong password', $stranger->set('text', 'v'), false);
}
$cache = client($argv[1], (int)$argv[2], $more);
equal('flush first', $cache->flush(), true);
objects($cache);
storage($cache);
many($cache);
expiry($cache);
if ($cache->getOption(Memcached::OPT_BINARY_PROTOCOL)) {
    equal('counter with a start', [$cache->increment('begun', 1, 100), $cache->increment('begun', 1, 100)], [100, 101]);
}
equal('version', str_starts_with(current($cache->getVersion()), '1.6.'), true);
equal('stats', isset(current($cache->getStats())['curr_items']), true);
equal('flush', [$cache->flush(), $cache->get('int')], [true, false]);
