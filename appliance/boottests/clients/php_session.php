<?php
// A web application's visitor: every run is one request of the same session, which PHP keeps in memcached.
// Arguments: session-id step. Exits with 0 when the session is what the steps before left.

declare(strict_types=1);

function equal(string $what, mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        fwrite(STDERR, "$what: expected " . var_export($expected, true) . ', got ' . var_export($actual, true) . "\n");
        exit(1);
    }
}

equal('save handler', ini_get('session.save_handler'), 'memcached');
session_id($argv[1]);
equal('session_start', session_start(), true);

switch ($argv[2]) {
    case 'new':
        equal('new session', $_SESSION, []);
        $_SESSION = ['user' => 'Ada', 'cart' => ['apples' => 3], 'visits' => 1];
        break;
    case 'visit':
        equal('user', $_SESSION['user'] ?? null, 'Ada');
        $_SESSION['visits']++;
        break;
    case 'fill':
        $_SESSION['notes'] = str_repeat('all work and no play ', 20_000);
        break;
    case 'check':
        equal('cart', $_SESSION['cart'] ?? null, ['apples' => 3]);
        equal('visits', $_SESSION['visits'] ?? null, (int)$argv[3]);
        equal('notes', strlen($_SESSION['notes'] ?? ''), 420_000);
        break;
    case 'slow':
        // The session is locked meanwhile: of visits at once, none gets lost.
        usleep(300_000);
        $_SESSION['visits']++;
        break;
    case 'renew':
        equal('session_regenerate_id', session_regenerate_id(true), true);
        equal('user after renewal', $_SESSION['user'] ?? null, 'Ada');
        break;
    case 'end':
        equal('session_destroy', session_destroy(), true);
        exit(0);
}
equal('session_write_close', session_write_close(), true);
