using System.Collections.Generic;
using System.Text;
using Memcachier.Appliance.Tests.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>The rows of the binary protocol, put to memcached itself.</summary>
public sealed class BinaryReferenceTests
{
    /// <summary>Rows that no memcached answers alike, and why; see docs/protocol.md.</summary>
    private static readonly HashSet<string> s_ours =
    [
        "set too large", "add too large", "replace too large", "append too large", "append beyond the limit",
        "setq too large is told", "set with cas, too large",        // small segments in the table
        "Touch with a value", "Gat with a value", "GatQ with a value", "GatK with a value", "GatKQ with a value",
        "stat with a value",                // takes the value for the next request
        "unknown, with a body",             // swallows as many bytes more as the key has
    ];

    /// <summary>Rows that memcached 1.6.18 of Debian 12 answers otherwise.</summary>
    private static readonly HashSet<string> s_new =
    [
        "body of more than 1 GiB",          // waits for it
    ];

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_answers_the_conversations_alike()
    {
        using var server = new ReferenceServer();
        var differences = new StringBuilder();
        foreach ((string name, string input, string answer) in BinaryConversations.All)
        {
            if (s_ours.Contains(name) || (server.IsOld && s_new.Contains(name))) continue;
            _ = server.Ask("flush_all\r\n");
            string theirs = BinaryPackets.Show(server.Ask(input));
            if (name == "version") theirs = theirs[..^6] + "1.6.45-memcachier";
            if (theirs == answer) continue;
            _ = differences.AppendLine($"{name}: we say {answer}, memcached says {theirs}");
        }
        Assert.True(differences.Length == 0, differences.ToString());
    }
}
