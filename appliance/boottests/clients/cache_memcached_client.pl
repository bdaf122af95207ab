#!/usr/bin/env perl
# What an application does through Cache::Memcached. Arguments: host port. Exits with 0 when every answer was right.

use strict;
use warnings;
use Cache::Memcached;

my ($host, $port) = @ARGV;

sub told { my $value = shift; return defined $value ? "'" . substr($value, 0, 300) . "'" : 'undef' }

# The prototypes give every argument a scalar context, in which a method that answers nothing answers undef.
sub equal($$$) {
    my ($what, $actual, $expected) = @_;
    return if defined $actual ? defined $expected && $actual eq $expected : !defined $expected;
    die "$what: expected " . told($expected) . ', got ' . told($actual) . "\n";
}

sub done($$) { my ($what, $actual) = @_; $actual or die "$what: expected success, got " . told($actual) . "\n" }
sub refused($$) { my ($what, $actual) = @_; !$actual or die "$what: expected failure, got " . told($actual) . "\n" }

my $mc = Cache::Memcached->new({ servers => ["$host:$port"], connect_timeout => 20, select_timeout => 20 });

done('flush_all first', $mc->flush_all);

# Values.
my $every_byte = join '', map { chr } 0 .. 255;
done('set every byte', $mc->set('bytes', $every_byte));
equal('every byte', $mc->get('bytes'), $every_byte);
done('set what looks like an answer', $mc->set('odd', "\r\nEND\r\nVALUE x 0 1\r\n"));
equal('what looks like an answer', $mc->get('odd'), "\r\nEND\r\nVALUE x 0 1\r\n");
done('set empty', $mc->set('empty', ''));
equal('empty', $mc->get('empty'), '');
done('set a structure', $mc->set('structure', { list => [1, 2, 3], name => 'Ada' }));
equal('structure', join(',', @{ $mc->get('structure')->{list} }), '1,2,3');
equal('get of nothing', $mc->get('nothing'), undef);
done('set a key of 250 bytes', $mc->set('k' x 250, 'v'));
equal('key of 250 bytes', $mc->get('k' x 250), 'v');
for my $size (1, 1460, 65_536, 1_000_000) {
    done("set $size", $mc->set('sized', 'x' x $size));
    equal("length of $size", length $mc->get('sized'), $size);
}
$mc->set_compress_threshold(10_000);
done('set compressed', $mc->set('packed', 'compress me ' x 100_000));
equal('compressed', $mc->get('packed'), 'compress me ' x 100_000);

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
done('incr of nothing', !defined $mc->incr('nothing'));

# Many.
my %pairs = map { ("many-$_" => "value $_ " x ($_ % 60)) } 1 .. 500;
done("set $_", $mc->set($_, $pairs{$_})) for keys %pairs;
my $copies = $mc->get_multi(keys %pairs, 'many-missing');
equal('get_multi', scalar keys %$copies, 500);
equal("$_ of get_multi", $copies->{$_}, $pairs{$_}) for keys %pairs;

# Without replies, which this client does in a void context.
$mc->set('silent', $_) for 1 .. 300;
$mc->incr('silent');
equal('behind silent commands', $mc->get('silent'), 301);

# Expiry.
done('set with expiry', $mc->set('short', 'v', 2));
equal('before expiry', $mc->get('short'), 'v');
sleep 4;
equal('after expiry', $mc->get('short'), undef);

# Administration.
my $stats = $mc->stats(['misc']);
done('stats', $stats->{hosts}{"$host:$port"}{misc}{curr_items} > 500);
done('flush_all', $mc->flush_all);
equal('after flush_all', $mc->get('bytes'), undef);
