# What an application does through Dalli. Arguments: host port [user password]. Exits with 0 when all was right.

require 'dalli'
require 'logger'

host, port, user, password = ARGV
Dalli.logger = Logger.new($stderr, level: Logger::WARN)

def equal(what, actual, expected)
  abort "#{what}: expected #{expected.inspect[0, 300]}, got #{actual.inspect[0, 300]}" unless actual == expected
end

def true?(what, actual)
  equal(what, !!actual, true)
end

# Some of its methods answer nil, some false.
def refused(what, actual)
  equal(what, !!actual, false)
end

if password
  stranger = Dalli::Client.new("#{host}:#{port}", socket_timeout: 20, username: user, password: "#{password}x")
  answer = begin
    stranger.set('text', 'wrong')
  rescue Dalli::DalliError => e
    e.class
  end
  refused 'a wrong password', answer == true || answer.is_a?(Integer)
end

options = { socket_timeout: 20, username: user, password: password }.compact
mc = Dalli::Client.new("#{host}:#{port}", options)
raw = { raw: true }
true? 'flush_all first', mc.flush.all?

# Values.
every_byte = (0..255).to_a.pack('C*') * 4
things = { 'text' => 'Grüße, ☃', 'number' => 42, 'float' => 1.5, 'list' => [1, nil, 'a'], 'hash' => { a: 1 },
           'bytes' => every_byte, 'odd' => "\r\nEND\r\nVALUE x 0 1\r\n", 'empty' => '' }
things.each do |key, thing|
  true? "set #{key}", mc.set(key, thing, 300)
  equal "get #{key}", mc.get(key), thing
end
equal 'a miss', mc.get('missing'), nil
equal 'fetch', mc.fetch('computed') { 'made' }, 'made'
equal 'fetch again', mc.fetch('computed') { 'made again' }, 'made'
true? 'set of a key that is not ASCII', mc.set('schlüssel-☃', 'v')
equal 'a key that is not ASCII', mc.get('schlüssel-☃'), 'v'
true? 'set a key of 250 bytes', mc.set('k' * 250, 'v')
equal 'a key of 250 bytes', mc.get('k' * 250), 'v'
[1, 1460, 65_536, 1_000_000].each do |size|
  value = Random.new(size).bytes(size)
  true? "set #{size}", mc.set('sized', value, 300, raw)
  true? "get #{size}", mc.get('sized', raw) == value
end
packing = Dalli::Client.new("#{host}:#{port}", options.merge(compress: true, namespace: 'ns'))
true? 'set compressed', packing.set('packed', 'compress me ' * 200_000)
true? 'compressed', packing.get('packed') == 'compress me ' * 200_000
equal 'a namespace from outside', mc.get('packed'), nil

# Storage.
true? 'add', mc.add('a', '1', 300, raw)
refused 'add over it', mc.add('a', '2', 300, raw)
true? 'replace', mc.replace('a', '3', 300, raw)
# What it answers is the cas unique, and 0 if there was nothing.
equal 'replace of nothing', [mc.replace('b', '3', 300, raw), mc.get('b')], [0, nil]
true? 'append', mc.append('a', '4')
true? 'prepend', mc.prepend('a', '2')
refused 'append to nothing', mc.append('b', '4')
equal 'append and prepend', mc.get('a', raw), '234'
true? 'delete', mc.delete('a')
refused 'delete again', mc.delete('a')
true? 'set n', mc.set('n', '10', 300, raw)
equal 'incr', mc.incr('n', 5), 15
equal 'decr', mc.decr('n', 7), 8
equal 'decr below zero', mc.decr('n', 70), 0
refused 'incr of nothing', mc.incr('missing', 1)
equal 'incr with a default', mc.incr('begun', 1, 300, 100), 100
equal 'incr of what has begun', mc.incr('begun', 1, 300, 100), 101
true? 'set c', mc.set('c', 1)
true? 'cas', mc.cas('c') { |value| value + 1 }
equal 'after cas', mc.get('c'), 2
_, cas = mc.get_cas('c')
true? 'set_cas', mc.set_cas('c', 3, cas)
refused 'set_cas too late', mc.set_cas('c', 4, cas)
refused 'delete_cas too late', mc.delete_cas('c', cas)
refused 'cas of nothing', mc.cas('missing') { abort 'cas of nothing called its block' }

# Many, and without replies.
pairs = (1..500).to_h { |i| ["many-#{i}", "value #{i} " * (i % 60)] }
mc.multi { pairs.each { |key, value| mc.set(key, value, 300) } }
equal 'get_multi', mc.get_multi(*pairs.keys, 'missing'), pairs
equal 'get_multi_cas', mc.get_multi_cas(*pairs.keys).size, 500
mc.multi { pairs.each_key { |key| mc.delete(key) } }
equal 'nothing left', mc.get_multi(*pairs.keys), {}

# Expiry.
%w[short touched gotten].each { |key| mc.set(key, 'v', 2) }
true? 'touch', mc.touch('touched', 100)
refused 'touch of nothing', mc.touch('missing', 100)
equal 'gat', mc.gat('gotten', 100), 'v'
refused 'gat of nothing', mc.gat('missing', 100)
equal 'before expiry', mc.get('short'), 'v'
sleep 3.2
equal 'after expiry', mc.get('short'), nil
equal 'after touch', mc.get('touched'), 'v'
equal 'after gat', mc.get('gotten'), 'v'

# Administration.
true? 'version', mc.version.values.first.start_with?('1.6.')
true? 'stats', mc.stats.values.first['curr_items'].to_i > 10
equal 'stats settings', mc.stats(:settings).values.first['item_size_max'], '1048576'
true? 'stats reset', mc.reset_stats.all?
true? 'flush_all', mc.flush.all?
equal 'after flush_all', mc.get('text'), nil
