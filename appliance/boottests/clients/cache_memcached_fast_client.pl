#!/usr/bin/env perl
# What an application does through Cache::Memcached::Fast. Arguments: host port. Exits with 0 when all was right.

use strict;
use warnings;
use Cache::Memcached::Fast;

my ($host, $port) = @ARGV;

sub told { my $value = shift; return defined $value ? "'" . substr($value, 0, 300) . "'" : 'undef' }

# The prototypes give every argument a scalar context, in which a method that answers nothing answers undef.
sub equal($$$) {
    my ($what, $actual, $expected) = @_;
    return if defined $actual ? defined $expected && $actual eq $expected : !defined $expected;
    die "$what: expected " . told($expected) . ', got ' . told($actual) . "\n";
}

# What this client answers: 1, '' if the server refused, undef if something is wrong.
sub done($$) { my ($what, $actual) = @_; equal($what, $actual, 1) }
sub refused($$) { my ($what, $actual) = @_; equal($what, $actual, '') }

sub every($$$) { my ($what, $answers, $count) = @_; equal($what, scalar(grep { $_ } @$answers), $count) }

my %options = (servers => ["$host:$port"], connect_timeout => 20, io_timeout => 20);
my $mc = Cache::Memcached::Fast->new({ %options, utf8 => 1, max_size => 1_048_000 });

every('flush_all first', [values %{ $mc->flush_all }], 1);
done('version', (values %{ $mc->server_versions })[0] =~ /^1\.6\./ ? 1 : 0);

# Values.
my $every_byte = join '', map { chr } 0 .. 255;
done('set every byte', $mc->set('bytes', $every_byte));
equal('every byte', $mc->get('bytes'), $every_byte);
done('set what looks like an answer', $mc->set('odd', "\r\nEND\r\nVALUE x 0 1\r\n"));
equal('what looks like an answer', $mc->get('odd'), "\r\nEND\r\nVALUE x 0 1\r\n");
done('set empty', $mc->set('empty', ''));
equal('empty', $mc->get('empty'), '');
done('set characters', $mc->set('snowman', "\x{2603} and \x{fc}"));
equal('characters', $mc->get('snowman'), "\x{2603} and \x{fc}");
done('set of a key that is not ASCII', $mc->set("schl\x{fc}ssel-\x{2603}", 'v'));
equal('a key that is not ASCII', $mc->get("schl\x{fc}ssel-\x{2603}"), 'v');
done('set a structure', $mc->set('structure', { list => [1, 2, 3], name => 'Ada' }));
equal('structure', join(',', @{ $mc->get('structure')->{list} }), '1,2,3');
equal('get of nothing', $mc->get('nothing'), undef);
done('set a key of 250 bytes', $mc->set('k' x 250, 'v'));
equal('key of 250 bytes', $mc->get('k' x 250), 'v');
for my $size (1, 1460, 65_536, 1_000_000) {
    done("set $size", $mc->set('sized', 'x' x $size));
    equal("length of $size", length $mc->get('sized'), $size);
}
my $packing = Cache::Memcached::Fast->new({ %options, compress_threshold => 10_000 });
done('set compressed', $packing->set('packed', 'compress me ' x 100_000));
equal('compressed', $packing->get('packed'), 'compress me ' x 100_000);
my $named = Cache::Memcached::Fast->new({ %options, namespace => 'ns:' });
done('set in a namespace', $named->set('a', 'v'));
equal('a namespace from outside', $mc->get('ns:a'), 'v');

# Storage.
done('add', $mc->add('a', 1));
refused('add over it', $mc->add('a', 2));
done('replace', $mc->replace('a', 3));
refused('replace of nothing', $mc->replace('b', 3));
done('append', $mc->append('a', 4));
done('prepend', $mc->prepend('a', 2));
equal('append and prepend', $mc->get('a'), '234');
done('delete', $mc->delete('a'));
refused('delete again', $mc->delete('a'));
done('set n', $mc->set('n', 10));
equal('incr', $mc->incr('n', 5), 15);
equal('decr', $mc->decr('n', 7), 8);
equal('decr below zero', $mc->decr('n', 70), '0E0');
refused('incr of nothing', $mc->incr('nothing'));
my ($cas, $value) = @{ $mc->gets('n') };
done('cas', $mc->cas('n', $cas, 'new'));
refused('cas too late', $mc->cas('n', $cas, 'newer'));
equal('after cas', $mc->get('n'), 'new');

# Many.
my %pairs = map { ("many-$_" => "value $_ " x ($_ % 60)) } 1 .. 500;
my @keys = keys %pairs;
every('set_multi', [$mc->set_multi(map { [$_, $pairs{$_}] } @keys)], 500);
my $copies = $mc->get_multi(@keys, 'many-missing');
equal('get_multi', scalar keys %$copies, 500);
equal("$_ of get_multi", $copies->{$_}, $pairs{$_}) for @keys;
my $uniques = $mc->gets_multi(@keys);
every('cas_multi', [$mc->cas_multi(map { [$_, $uniques->{$_}[0], 1] } @keys)], 500);
every('incr_multi', [$mc->incr_multi(@keys)], 500);
every('touch_multi', [$mc->touch_multi(map { [$_, 100] } @keys)], 500);
equal('gat_multi', scalar keys %{ $mc->gat_multi(100, @keys) }, 500);
equal('after incr_multi', $mc->get('many-1'), 2);
every('delete_multi', [$mc->delete_multi(@keys)], 500);
equal('nothing left', scalar keys %{ $mc->get_multi(@keys) }, 0);

# Without replies, and without waiting for them.
my $quiet = Cache::Memcached::Fast->new({ %options, nowait => 1 });
$quiet->set('silent', $_) for 1 .. 300;
$quiet->incr('silent');
equal('behind silent commands', $quiet->get('silent'), 301);
$quiet->set("silent-$_", $_) for 1 .. 300;
$quiet->nowait_push;
equal('silent sets', scalar keys %{ $mc->get_multi(map { "silent-$_" } 1 .. 300) }, 300);

# Expiry.
done('set with expiry', $mc->set('short', 'v', 2));
done('set to be touched', $mc->set('touched', 'v', 2));
done('set for gat', $mc->set('gotten', 'v', 2));
done('touch', $mc->touch('touched', 100));
refused('touch of nothing', $mc->touch('nothing', 100));
equal('gat', $mc->gat(100, 'gotten'), 'v');
equal('gats', $mc->gats(100, 'gotten')->[1], 'v');
equal('before expiry', $mc->get('short'), 'v');
sleep 4;
equal('after expiry', $mc->get('short'), undef);
equal('after touch', $mc->get('touched'), 'v');
equal('after gat', $mc->get('gotten'), 'v');

every('flush_all', [values %{ $mc->flush_all }], 1);
equal('after flush_all', $mc->get('bytes'), undef);
