using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// An upload whose place is needed for others in the middle: its bytes still come, and are not commands.
/// </summary>
public sealed class LostUploadTests
{
    private const int SegmentSize = 16 << 10;
    private const int ValueLength = 50_000;

    [Fact]
    public void Exactly_the_rest_of_the_value_is_swallowed()
    {
        int lostCount = 0;
        // How many others hold memory decides at which piece it is lost.
        for (int others = 0; others < 60; others++)
        {
            string answers = Upload(others);
            lostCount += answers.StartsWith("SERVER_ERROR", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(answers.Split("\r\n").Length == 3, $"{others} others: {answers.AsSpan(0, Math.Min(answers.Length, 100))}");
        }
        Assert.InRange(lostCount, 1, 59);
    }

    private static string Upload(int otherCount)
    {
        using var server = new TestServer(16 * SegmentSize, SegmentSize, chunkCount: 200, chunkSize: 4096, itemSizeMax: 60_000);
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        Session slow = server.NewSession();
        _ = slow.Receive(TestServer.Bytes($"set slow 0 0 {ValueLength}\r\nbeginning"), output);
        var others = new List<Session>();
        for (int i = 0; i < otherCount; i++)
        {
            Session other = server.NewSession();
            _ = other.Receive(TestServer.Bytes($"set v{i} 0 0 3500\r\nbeginning"), output);
            others.Add(other);
        }
        // Whatever of the value were taken for commands would be answered.
        var rest = new StringBuilder();
        while (rest.Length < ValueLength) _ = rest.Append("version\r\n");
        rest.Length = ValueLength - "beginning".Length;
        output.Clear();
        _ = slow.Receive(TestServer.Bytes(rest + "\r\nversion\r\n"), output);
        byte[] answers = new byte[output.Length];
        output.CopyTo(0, answers);
        output.Clear();
        slow.Closed();
        foreach (Session other in others) other.Closed();
        return TestServer.Text(answers);
    }
}
