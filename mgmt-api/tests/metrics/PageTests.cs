using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

public sealed class PageTests
{
    // Copies of what the page has from those who count it.
    private static readonly string[] s_copies =
        ["Halts", "TcpRetransmissions", "TcpTimeouts", "TcpResetsSent", "TcpResetsReceived", "TcpMalformed"];

    // Told as sums and differences: sets that are no cas, operations of all kinds.
    private static readonly string[] s_derived = ["CmdGet", "CmdSet", "CmdTouch"];

    public static TheoryData<string, Func<object, object>> Counters => new()
    {
        { "Statistics", world => ((MetricsWorld)world).Statistics },
        { "RoundCounters", world => ((MetricsWorld)world).Rounds },
        { "NetCounters", world => ((MetricsWorld)world).Net },
        { "TcpCounters", world => ((MetricsWorld)world).Tcp },
        { "VirtioNetCounters", world => ((MetricsWorld)world).Device },
        { "HttpFigures", _ => default(HttpFigures) },
    };

    [Theory]
    [InlineData(MetricsFormat.Text, "page.txt")]
    [InlineData(MetricsFormat.OpenMetrics, "page.openmetrics.txt")]
    public void Every_byte_is_as_it_was(MetricsFormat format, string file)
    {
        string page = MetricsWorld.Filled().Read(format);
        string golden = Path.Combine(AppContext.BaseDirectory, "golden", file);
        if (!File.Exists(golden) || File.ReadAllText(golden) != page)
        {
            string actual = Path.Combine(AppContext.BaseDirectory, file);
            File.WriteAllText(actual, page);
            Assert.Fail($"the page is another; if it should be, it is in {actual}");
        }
    }

    [Fact]
    public void Every_page_is_open_metrics()
    {
        Assert.NotEmpty(OpenMetricsParser.Parse(new MetricsWorld().Read(MetricsFormat.OpenMetrics)));
        IReadOnlyList<Family> families = OpenMetricsParser.Parse(MetricsWorld.Filled().Read(MetricsFormat.OpenMetrics));
        Assert.All(families, family => Assert.False(string.IsNullOrEmpty(family.Help), family.Name));
        Assert.All(families, family => Assert.NotEmpty(family.Samples));
        Assert.All(
            families.Where(family => family.Name.EndsWith("_seconds", StringComparison.Ordinal)),
            family => Assert.Equal("seconds", family.Unit));
        Assert.All(
            families.Where(family => family.Name.EndsWith("_bytes", StringComparison.Ordinal)),
            family => Assert.Equal("bytes", family.Unit));
    }

    /// <summary>They are written as they are.</summary>
    [Theory]
    [InlineData(MetricsFormat.Text)]
    [InlineData(MetricsFormat.OpenMetrics)]
    public void No_help_has_what_would_be_escaped(MetricsFormat format)
    {
        string[] help = [.. MetricsWorld.Filled().Read(format).Split('\n').Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal))];
        Assert.NotEmpty(help);
        Assert.All(help, line => Assert.DoesNotContain('"', line));
        Assert.All(help, line => Assert.DoesNotContain('\\', line));
    }

    [Fact]
    public void Both_formats_have_the_same_samples()
    {
        MetricsWorld world = MetricsWorld.Filled();
        IEnumerable<Sample> text = TextParser.Parse(world.Read(MetricsFormat.Text)).SelectMany(family => family.Samples);
        IEnumerable<Sample> open =
            OpenMetricsParser.Parse(world.Read(MetricsFormat.OpenMetrics)).SelectMany(family => family.Samples);
        Assert.Equal(
            text.Select(sample => $"{sample.Series} {sample.Value}"),
            open.Select(sample => $"{sample.Series} {sample.Value}"));
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void Every_counter_is_told(string name, Func<object, object> counters)
    {
        var world = new MetricsWorld();
        object source = counters(world);
        IEnumerable<string> all = MetricsWorld.Fill(source, 1000, 0).Keys;
        string[] names = [.. all.Where(counter => name != "Statistics" || !s_copies.Contains(counter))];
        Assert.NotEmpty(names);
        string before = Read(world, source);
        foreach (string counter in names)
        {
            Set(source, counter, 987_654_321);
            string after = Read(world, source);
            Assert.True(before != after, $"{name}.{counter} is nowhere");
            if (!s_derived.Contains(counter)) Assert.Contains(after.Split('\n'), IsTold);
            Set(source, counter, 1000);
            Assert.Equal(before, Read(world, source));
        }
    }

    [Theory]
    [InlineData(MetricsFormat.Text)]
    [InlineData(MetricsFormat.OpenMetrics)]
    public void A_part_is_one_family_and_fits(MetricsFormat format)
    {
        // A build id that is escaped throughout, and the largest numbers.
        var world = new MetricsWorld(new string('"', MetricsPage.BuildLengthMax + 1));
        foreach (object counters in new object[] { world.Statistics, world.Rounds, world.Net, world.Tcp, world.Device })
            _ = MetricsWorld.Fill(counters, long.MaxValue, 0);
        object http = default(HttpFigures);
        _ = MetricsWorld.Fill(http, long.MaxValue, 0);
        world.Page.Http = (HttpFigures)http;
        world.Rounds.RequestTimes.Record(0, long.MaxValue);
        string[] parts = [.. world.Parts(format)];
        Assert.True(parts.Length > 100);
        int longest = parts.Max(part => Encoding.UTF8.GetByteCount(part));
        Assert.InRange(longest, 1500, MetricsPage.RoomLength);
        foreach (string part in parts.Where(part => part != "# EOF\n"))
        {
            Assert.StartsWith(format == MetricsFormat.Text ? "# HELP " : "# TYPE ", part, StringComparison.Ordinal);
            Assert.EndsWith("\n", part, StringComparison.Ordinal);
            Assert.Equal(1, part.Split('\n').Count(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(MetricsFormat.Text)]
    [InlineData(MetricsFormat.OpenMetrics)]
    public void A_page_allocates_nothing(MetricsFormat format)
    {
        MetricsWorld world = MetricsWorld.Filled();
        byte[] room = new byte[MetricsPage.RoomLength];
        int length = Walk(world.Page, format, room);
        int last = 0;
        Assert.Equal(0, Allocation.Of(() => last = Walk(world.Page, format, room)));
        Assert.Equal(length, last);
    }

    [Theory]
    [InlineData(MetricsFormat.Text)]
    [InlineData(MetricsFormat.OpenMetrics)]
    public void The_end_stays_the_end(MetricsFormat format)
    {
        MetricsWorld world = MetricsWorld.Filled();
        byte[] room = new byte[MetricsPage.RoomLength];
        int cursor = 0;
        while (world.Page.Format(format, ref cursor, room) > 0)
        {
        }
        Assert.Equal(0, world.Page.Format(format, ref cursor, room));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("ö€", "ö€")]
    [InlineData("", "")]
    public void A_label_is_escaped(string build, string written)
    {
        var world = new MetricsWorld(build);
        foreach (MetricsFormat format in MetricsWorld.Formats)
            Assert.Contains($",build=\"{written}\"}} 1\n", world.Read(format), StringComparison.Ordinal);
        IReadOnlyList<Family> families = OpenMetricsParser.Parse(world.Read(MetricsFormat.OpenMetrics));
        Sample info = families.Single(family => family.Name == "memcachier_build").Samples.Single();
        Assert.Equal(build, info.Labels.Single(label => label.Key == "build").Value);
    }

    [Fact]
    public void A_count_is_never_negative_and_a_gauge_may_be()
    {
        var world = new MetricsWorld();
        world.Statistics.CasHits = 5;
        world.Statistics.CurrItems = -7;
        string page = world.Read(MetricsFormat.Text);
        Assert.Contains("memcached_commands_total{command=\"set\",status=\"hit\"} 0\n", page, StringComparison.Ordinal);
        Assert.Contains("memcached_current_items -7\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_of_all_states_are_all_segments()
    {
        var world = new MetricsWorld();
        for (int i = 0; i < 300; i++) _ = world.Ask($"set key{i} 0 0 1000\r\n{new string('x', 1000)}\r\n");
        Family segments = TextParser.Parse(world.Read(MetricsFormat.Text))
            .Single(family => family.Name == "memcachier_segments");
        Assert.Equal(
            world.Store.SegmentCount,
            segments.Samples.Sum(sample => long.Parse(sample.Value, CultureInfo.InvariantCulture)));
        Assert.All(segments.Samples, sample => Assert.True(sample.Value[0] != '-', sample.Series));
    }

    [Fact]
    public void A_media_type_names_its_format()
    {
        Assert.Equal(
            "text/plain; version=0.0.4; charset=utf-8",
            Encoding.ASCII.GetString(MetricsPage.ContentType(MetricsFormat.Text)));
        Assert.Equal(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Encoding.ASCII.GetString(MetricsPage.ContentType(MetricsFormat.OpenMetrics)));
    }

    private static bool IsTold(string line) =>
        line.EndsWith(" 987654321", StringComparison.Ordinal) || line.EndsWith(" 987.654321", StringComparison.Ordinal);

    private static int Walk(MetricsPage page, MetricsFormat format, byte[] room)
    {
        int cursor = 0, sum = 0, length;
        while ((length = page.Format(format, ref cursor, room)) > 0) sum += length;
        return sum;
    }

    private static string Read(MetricsWorld world, object counters)
    {
        if (counters is HttpFigures http) world.Page.Http = http;
        return world.Read(MetricsFormat.Text);
    }

    private static void Set(object counters, string name, long value)
    {
        Type type = counters.GetType();
        if (type.GetField(name) is { } field) field.SetValue(counters, value);
        else type.GetProperty(name)!.SetValue(counters, value);
    }
}
