using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>Which bytes of requests and answers are copied on their way, as docs/metrics.md has it.</summary>
public sealed class CopyTests
{
    private const string Key = "a-key-with-all-of-its-32-letters";

    private static readonly SimLinkSettings s_wire = new() { DelayMicros = 100 };

    private static readonly string s_value = new('v', 100);

    private static readonly string s_set = $"set {Key} 0 0 100\r\n{s_value}\r\n";

    private static readonly string s_hit = $"VALUE {Key} 0 100\r\n{s_value}\r\n";

    public static TheoryData<string, string, string, (long In, long Out, long Stored)> Rows => new()
    {
        { "get, hit", $"get {Key}\r\n", $"{s_hit}END\r\n", (153, 153, 0) },
        { "get, miss", "get b\r\n", "END\r\n", (5, 5, 0) },
        { "get of the key three times", $"get {Key} {Key} {Key}\r\n", $"{s_hit}{s_hit}{s_hit}END\r\n", (449, 449, 0) },
        { "meta get", $"mg {Key} v\r\n", $"VA 100\r\n{s_value}\r\n", (110, 110, 0) },
        { "set", s_set, "STORED\r\n", (8, 8, 100) },
        { "set, no reply", s_set.Replace(" 100\r", " 100 noreply\r") + "mn\r\n", "MN\r\n", (4, 4, 100) },
        { "add, in vain", s_set.Replace("set", "add"), "NOT_STORED\r\n", (12, 12, 100) },
        { "append: what it brings, and both", $"append {Key} 0 0 10\r\n0123456789\r\n", "STORED\r\n", (8, 8, 10 + 110) },
        { "delete", $"delete {Key}\r\n", "DELETED\r\n", (9, 9, 0) },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_request_copies(string name, string request, string answer, (long In, long Out, long Stored) copied)
    {
        using var appliance = new SimAppliance(1, in s_wire);
        Run(appliance, new Conversation().Add(s_set, "STORED\r\n"));
        (long In, long Out, long Stored) before = Copied(appliance);
        Run(appliance, new Conversation().Add(request, answer));
        Assert.Equal((name, copied), (name, Since(before, appliance)));
    }

    [Fact]
    public void What_comes_in_two_segments_is_kept_until_it_is_a_line()
    {
        using var appliance = new SimAppliance(2, in s_wire);
        (long In, long Out, long Stored) before = Copied(appliance);
        var client = new Conversation { FirstPieceLength = 7 }.Add("get absent\r\n", "END\r\n");
        appliance.Clients.Start(client);
        appliance.RunFor(1);
        Assert.Equal((7, 0, 0), Since(before, appliance));
        client.SendSecondPiece();
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 1), client.Describe());
        // The rest of the line joins the beginning, without its line feed, which is added; then the answer.
        Assert.Equal((7 + 4 + 5, 5, 0), Since(before, appliance));
    }

    private static void Run(SimAppliance appliance, Conversation client)
    {
        appliance.Clients.Start(client);
        Assert.True(appliance.TryRunUntil(() => client.IsComplete, 1), client.Describe());
    }

    private static (long In, long Out, long Stored) Copied(SimAppliance appliance) =>
        (appliance.Chunks.OctetsIn, appliance.Chunks.OctetsOut, appliance.Store.FilledOctetCount);

    private static (long In, long Out, long Stored) Since((long In, long Out, long Stored) before, SimAppliance appliance)
    {
        (long octetsIn, long octetsOut, long stored) = Copied(appliance);
        return (octetsIn - before.In, octetsOut - before.Out, stored - before.Stored);
    }
}
