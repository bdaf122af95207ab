using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Appliance.Tests.Server.Watch;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>The lines that watchers see, compared with those of memcached, if that is not an old one.</summary>
public sealed partial class WatchReferenceTests
{
    /// <summary>Rows of which memcached tells otherwise, and why.</summary>
    private static readonly HashSet<string> s_ours =
    [
        "set, expired already",                                         // counts from its own start
        "get, flushed",                                                 // flush_all takes young items away at once
        "too large", "too large to add", "ms, too large",               // what lies on its stack; small segments here
    ];

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_tells_the_same()
    {
        var differences = new StringBuilder();
        foreach ((string name, string before, string request, string[] lines) in WatchRows.All)
        {
            if (s_ours.Contains(name)) continue;
            using var server = new ReferenceServer("-o", "no_lru_crawler");
            if (server.IsOld) return;
            using Socket client = server.Connect();
            Send(client, before);
            Send(client, "get before\r\n");
            _ = ReadUntil(client, "END\r\n");
            using Socket watcher = server.Connect();
            Send(watcher, "watch fetchers mutations deletions evictions\r\n");
            _ = ReadUntil(watcher, "OK\r\n");
            Send(client, request);
            Send(client, "get last\r\n");
            string told = ReadUntil(watcher, "key=last status=not_found clsid=0 cfd=");
            var theirs = new List<string>(Stamp().Replace(told, "").Split('\n'));
            int last = theirs.FindIndex(line => line.Contains("key=last ", StringComparison.Ordinal));
            theirs.RemoveRange(last, theirs.Count - last);
            string expected = string.Join('\n', lines);
            string seen = Connection().Replace(string.Join('\n', theirs), " cfd=7 ");
            if (expected != seen) _ = differences.AppendLine($"{name}: we tell\n{expected}\nmemcached tells\n{seen}");
        }
        Assert.True(differences.Length == 0, differences.ToString());
    }

    private static void Send(Socket socket, string text) => _ = socket.Send(TestServer.Bytes(text));

    private static string ReadUntil(Socket socket, string end)
    {
        var text = new StringBuilder();
        byte[] received = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            int length = socket.Receive(received);
            Assert.True(length > 0, "closed");
            _ = text.Append(TestServer.Text(received.AsSpan(0, length)));
        }
        return text.ToString();
    }

    [GeneratedRegex(@"ts=\d+\.\d+ gid=\d+ type=")]
    private static partial Regex Stamp();

    [GeneratedRegex(@" cfd=\d+ ")]
    private static partial Regex Connection();
}
