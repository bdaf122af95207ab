using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Memcachier.Appliance.Tests.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>The logins of the text protocol, put to memcached with -Y.</summary>
public sealed class LoginReferenceTests
{
    /// <summary>Rows that no memcached answers alike, and why.</summary>
    private static readonly HashSet<string> s_ours =
    [
        "the longest",                      // has no room for it and closes
        "2049 bytes and no end",            // understands it if the end arrives with it
    ];

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_answers_the_logins_alike()
    {
        // Not GetTempFileName, whose files nobody else may read.
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "joe:secret\nann:two word\n");
        using var server = new ReferenceServer("-Y", file);
        // Before the new parser nearly every one of these errors was another.
        if (server.IsOld) return;
        var differences = new StringBuilder();
        foreach ((string name, string input, string answer, bool isClosed) in TextLoginTests.Rows)
        {
            if (s_ours.Contains(name)) continue;
            (string theirs, bool areTheyGone) = Ask(server, input);
            theirs = ReferenceServer.WithOurVersion(theirs);
            if (theirs == answer && areTheyGone == isClosed) continue;
            string we = Show(answer) + (isClosed ? " (closed)" : "");
            _ = differences.AppendLine(
                $"{name}: we say {we}, memcached says {Show(theirs)}{(areTheyGone ? " (closed)" : "")}");
        }
        File.Delete(file);
        Assert.True(differences.Length == 0, differences.ToString());
    }

    private static (string Answer, bool IsClosed) Ask(ReferenceServer server, string input)
    {
        using Socket socket = server.Connect();
        socket.ReceiveTimeout = 300;
        var answer = new StringBuilder();
        byte[] received = new byte[4096];
        try
        {
            // Of two answers that are due at the same time memcached 1.6.45 forgets the first.
            foreach (string line in Regex.Split(input, "(?<=\n)"))
            {
                if (line.Length > 0) _ = socket.Send(TestServer.Bytes(line));
                Thread.Sleep(30);
            }
            int length;
            while ((length = socket.Receive(received)) > 0)
            {
                _ = answer.Append(TestServer.Text(received.AsSpan(0, length)));
            }
            return (answer.ToString(), true);
        }
        catch (SocketException e)
        {
            return (answer.ToString(), e.SocketErrorCode != SocketError.TimedOut);
        }
    }

    private static string Show(string text) => text.Replace("\r\n", "|", StringComparison.Ordinal);
}
