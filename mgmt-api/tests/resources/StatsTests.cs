using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class StatsTests
{
    [Theory]
    [InlineData("", StatsKind.General)]
    [InlineData("/settings", StatsKind.Settings)]
    [InlineData("/items", StatsKind.Items)]
    [InlineData("/slabs", StatsKind.Slabs)]
    [InlineData("/sizes", StatsKind.Sizes)]
    public void The_lines_of_the_report(string path, StatsKind kind)
    {
        ApiWorld world = WithItem();
        var lines = new List<string>();
        byte[] line = new byte[512];
        int index = 0;
        while (true)
        {
            int length = world.Context.Report.Format(kind, ref index, line);
            if (length == 0) break;
            lines.Add(Encoding.ASCII.GetString(line, 0, length));
        }
        JsonElement answer = world.Request("GET /api/v1/stats" + path).Json;
        // The answer itself takes some of the buffers.
        Assert.Equal(lines.Where(IsSteady), answer.EnumerateObject().Select(Line).Where(IsSteady));
    }

    [Fact]
    public void An_item_is_told_and_deleted()
    {
        ApiWorld world = WithItem();
        JsonElement item = world.Request("GET /api/v1/keys/%61").Json;
        Assert.Equal(
            "key size flags cas ttl_seconds seconds_since_access is_fetched is_stale",
            string.Join(' ', item.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(("a", 5), (item.GetProperty("key").GetString(), item.GetProperty("size").GetInt32()));
        Assert.Equal(204, world.Act("DELETE /api/v1/keys/a").Status);
        Assert.Equal(404, world.Request("GET /api/v1/keys/a").Status);
    }

    private static bool IsSteady(string line) => !line.StartsWith("STAT read_buf_bytes_free ", System.StringComparison.Ordinal);

    private static string Line(JsonProperty member)
    {
        string value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        return $"STAT {member.Name} {value}\r\n";
    }

    private static ApiWorld WithItem()
    {
        var world = new ApiWorld();
        var session = new Session(world.Context, number: 0);
        var output = new ChunkQueue(world.Chunks, 1 << 15);
        _ = session.Receive("set a 7 0 5\r\nhello\r\n"u8, output);
        output.Drop(output.Length);
        session.Closed();
        return world;
    }
}
