using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Appliance.Tests.Composition;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Configuration;

/// <summary>What changes while the machine serves holds for those who are connected already.</summary>
public sealed class LiveSettingsTests : IDisposable
{
    private readonly Settings _settings = new();
    private readonly ServerSettings _options;
    private readonly TestServer _server;
    private readonly LiveSettings _live;
    private readonly Session _session;

    public LiveSettingsTests()
    {
        _options = _settings.OptionsOfServer();
        _server = new TestServer(memoryLength: 16 << 20, segmentSize: 64 << 10, settings: _options);
        _live = new LiveSettings(_settings, _options, _server.Store);
        _session = _server.NewSession();
    }

    public void Dispose()
    {
        _session.Closed();
        _server.Dispose();
    }

    /// <summary>Asked on one connection before a change, after it, and after it was taken back.</summary>
    [Theory]
    [InlineData(SettingId.NoFlush, "true", "flush_all", "OK", "CLIENT_ERROR flush_all not allowed")]
    [InlineData(SettingId.NoDumps, "true", "stats detail on", "OK", "CLIENT_ERROR stats detail not allowed")]
    [InlineData(SettingId.NoDumps, "true", "lru_crawler mgdump 2", "OK\r\nEN", "ERROR key dump not allowed")]
    [InlineData(SettingId.NoWatch, "true", "watch bogus", "ERROR", "CLIENT_ERROR watch commands not allowed")]
    [InlineData(SettingId.Shutdown, "true", "shutdown x", "SERVER_ERROR: shutdown not enabled", "CLIENT_ERROR invalid shutdown mode")]
    [InlineData(SettingId.Cluster, "a:1", "config get cluster", "ERROR", "CONFIG cluster 0 16\r\n1700000000\na||1\n\r\nEND")]
    public void Sessions_heed_it_at_once(SettingId id, string value, string request, string before, string after)
    {
        Assert.Equal(before, Ask(request));
        _live.Set(id, Bytes(value), TestServer.UnixStart);
        Assert.Equal(after, Ask(request));
        _live.Reset(id, TestServer.UnixStart);
        Assert.Equal(before, Ask(request));
        Assert.Equal(2, _live.ChangeCount);
    }

    [Theory]
    [InlineData(SettingId.NoFlush, "true", "flush_enabled no")]
    [InlineData(SettingId.NoDumps, "true", "dump_enabled no")]
    [InlineData(SettingId.Shutdown, "true", "shutdown_command yes")]
    [InlineData(SettingId.RequestsPerTurn, "7", "reqs_per_event 7")]
    [InlineData(SettingId.IdleTimeout, "9", "idle_timeout 9")]
    [InlineData(SettingId.Memory, "9", "maxbytes 9437184")]
    public void Stats_settings_tells_it(SettingId id, string value, string line)
    {
        string wanted = $"STAT {line}\r\n";
        Assert.DoesNotContain(wanted, Ask("stats settings"), StringComparison.Ordinal);
        _live.Set(id, Bytes(value), 0);
        Assert.Contains(wanted, Ask("stats settings"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_is_shorter_at_once()
    {
        string input = string.Concat(Enumerable.Repeat("mn\r\n", 20));
        var output = new Kernel.Memory.ChunkQueue(_server.Chunks, 1 << 14);
        Assert.Equal(input.Length, _session.Receive(Bytes(input), output));
        _live.Set(SettingId.RequestsPerTurn, "5"u8, 0);
        Assert.Equal(5 * 4, _session.Receive(Bytes(input), output));
        Assert.True(_session.WantsTurn);
        output.Clear();
    }

    [Fact]
    public void The_memory_has_a_limit_and_none_again()
    {
        long all = _server.Store.MemoryLength;
        Assert.False(_live.IsPossible(SettingId.Memory, Bytes("17")));
        Assert.False(_live.IsPossible(SettingId.Memory, Bytes("7")));
        Assert.True(_live.IsPossible(SettingId.Memory, Bytes("8")));
        _live.Set(SettingId.Memory, Bytes("8"), 0);
        Assert.Equal(8 << 20, _server.Store.MemoryLimit);
        _live.Reset(SettingId.Memory, 0);
        Assert.Equal(all, _server.Store.MemoryLimit);
    }

    [Fact]
    public void The_idle_are_closed_as_soon_as_there_is_a_timeout()
    {
        using var world = new ServerWorld(_options);
        TcpConnection idle = world.Connect();
        world.RunTicksFor(20);
        Assert.Equal("END\r\n", world.Ask(idle, "get a\r\n"));
        world.RunTicksFor(4);
        _live.Set(SettingId.IdleTimeout, "3"u8, 0);
        world.RunTicksFor(2);
        Assert.Contains(idle.Index, world.Heard.ClosedByPeer);
        _live.Reset(SettingId.IdleTimeout, 0);
        TcpConnection other = world.Connect();
        world.RunTicksFor(20);
        Assert.Equal("END\r\n", world.Ask(other, "get a\r\n"));
    }

    /// <summary>Every setting that may change while running is tried here, or in the tests of the API.</summary>
    [Fact]
    public void Every_setting_that_may_change_can_be_set()
    {
        Dictionary<SettingId, string> values = new()
        {
            [SettingId.Memory] = "8", [SettingId.Shutdown] = "true", [SettingId.NoFlush] = "true", [SettingId.NoDumps] = "true",
            [SettingId.NoWatch] = "true", [SettingId.RequestsPerTurn] = "9", [SettingId.IdleTimeout] = "9",
            [SettingId.Cluster] = "a:1", [SettingId.Crash] = "reboot", [SettingId.ApiToken] = "0123456789abcdef",
            [SettingId.ApiMetrics] = "token", [SettingId.ApiHosts] = "a",
        };
        IEnumerable<SettingId> changeable = Enumerable.Range(1, SettingList.Count).Select(number => (SettingId)number)
            .Where(id => SettingList.Get(id).Change == SettingChange.Run);
        Assert.Equal(changeable, values.Keys.Order());
        foreach ((SettingId id, string value) in values)
        {
            Assert.True(_live.IsPossible(id, Bytes(value)));
            _live.Set(id, Bytes(value), 0);
            Assert.Equal(SettingSource.Api, _settings.Source(id));
        }
        Assert.True(_settings.RebootsAfterCrash);
        _ = Assert.Throws<BrokenInvariantException>(() => _live.Set(SettingId.Port, "1"u8, 0));
        _ = Assert.Throws<BrokenInvariantException>(() => _live.Reset(SettingId.ApiToken, 0));
    }

    private string Ask(string request)
    {
        byte[] input = Bytes(request + "\r\n");
        string answer = Encoding.Latin1.GetString(_server.Talk(_session, input, input.Length, 1 << 16));
        return answer.TrimEnd('\r', '\n');
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
