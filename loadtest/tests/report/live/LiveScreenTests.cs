using System;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report.Live;
using Memcachier.LoadTest.Simulations;
using Spectre.Console;
using Xunit;

namespace Memcachier.LoadTest.Tests.Report.Live;

public sealed class LiveScreenTests
{
    [Theory]
    [InlineData(0.5, "preloading  ━━━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  50 of 100 keys")]
    [InlineData(1, "preloading  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  100 of 100 keys")]
    public void Storing_the_keys_has_a_bar(double share, string line)
    {
        var screen = new LiveScreen(SampleRun.Settings);
        screen.Preloading((long)(100 * share), 100, "keys");
        Assert.Equal(["127.0.0.1:11211  8 connections of depth 1, 1000 requests/s are due", line], Lines(screen));
    }

    [Theory]
    [InlineData(-0.75, 0, "warming up  ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  0.3 s of 1.0 s")]
    [InlineData(2.5, 0, "measuring   ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  2.5 s of 10.0 s")]
    [InlineData(20, 0, "measuring   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  20.0 s of 10.0 s")]
    [InlineData(2.5, 400, "measuring   ━━━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  200 of 400 requests")]
    public void So_have_the_warm_up_and_the_measurement(double elapsed, long requests, string line)
    {
        var screen = new LiveScreen(SampleRun.Settings with { RequestCount = requests });
        screen.Running(TimeSpan.FromSeconds(elapsed), 200);
        Assert.Equal(line, Lines(screen)[1]);
    }

    [Theory]
    [InlineData(0, "0.0 s of 5.0 s, before")]
    [InlineData(1.9, "1.9 s of 5.0 s, before")]
    [InlineData(2, "2.0 s of 5.0 s, [after]")]
    [InlineData(4.9, "4.9 s of 5.0 s, [after]")]
    [InlineData(5, "5.0 s of 5.0 s")]
    public void The_bar_says_which_simulation_it_is(double elapsed, string progress)
    {
        var screen = new LiveScreen(SampleRun.Settings with
        {
            Simulations =
            [
                new LoadSimulation { Kind = SimulationKind.Inject, Name = "before", During = TimeSpan.FromSeconds(2) },
                new LoadSimulation { Kind = SimulationKind.Pause, Name = "[after]", During = TimeSpan.FromSeconds(3) },
            ],
        });
        screen.Running(TimeSpan.FromSeconds(elapsed), 0);
        Assert.Equal("127.0.0.1:11211  8 connections of depth 1, before, [after]", Lines(screen)[0]);
        Assert.EndsWith("  " + progress, Lines(screen)[1]);
    }

    [Fact]
    public void A_rehearsal_shows_nothing()
    {
        SecondSample second = SampleRun.Result(1, _ => 90).Seconds[0];
        var output = new StringWriter();
        var view = new PlainView(output);
        view.Rehearse(second);
        Assert.Equal("", output.ToString());
        view.Second(second);
        Assert.StartsWith("   1 s ", output.ToString());
    }

    [Fact]
    public void The_screen_is_this_one()
    {
        var screen = new LiveScreen(SampleRun.Settings);
        screen.Running(TimeSpan.FromSeconds(5), 0);
        LoadResult run = SampleRun.Result(5, second => 20 * (second + 1));
        var errors = new ErrorCounts();
        errors.Count(ErrorKind.ServerError, "SERVER_ERROR [red]out of memory");
        foreach (SecondSample second in run.Seconds.SkipLast(1)) screen.Second(second);
        screen.Second(run.Seconds[^1] with
        {
            Errors = 1, ErrorsByKind = errors, ClientCpu = 0.97, LagNanos = 4_000_000,
        });
        screen.Note("7 of them failed: [x]");
        Assert.Equal(
            [
                "127.0.0.1:11211  8 connections of depth 1, 1000 requests/s are due",
                "measuring   ━━━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  5.0 s of 10.0 s",
                "",
                " second 5  requests  misses     p50     p90     p99   p99.9     max",
                new string('─', 68),
                " get            100  10.00%  150 µs  190 µs  199 µs  200 µs  200 µs",
                " set             10       -  500 µs  500 µs  500 µs  500 µs  500 µs",
                " all            110  10.00%  155 µs  199 µs  500 µs  500 µs  500 µs",
                "",
                "requests/s  ▃▄▅▇█ 110",
                "p99         █████ 500 µs",
                "errors      1, first: SERVER_ERROR [red]out of memory",
                "warning: the client is the bottleneck: its threads use 97% of a processor",
                "warning: the client is behind its schedule, by 4.00 ms",
                "7 of them failed: [x]",
            ],
            Lines(screen));
    }

    [Fact]
    public void The_bars_are_of_the_last_minute()
    {
        var screen = new LiveScreen(SampleRun.Settings);
        foreach (SecondSample second in SampleRun.Result(70, second => second < 5 ? 9990 : 90).Seconds) screen.Second(second);
        Assert.Equal($"requests/s  {new string('█', 60)} 100", Lines(screen).Single(line => line.StartsWith("requests/s", StringComparison.Ordinal)));
    }

    /// <summary>A terminal that cannot be drawn on gets lines; one that can is left as it was.</summary>
    [Theory]
    [InlineData(AnsiSupport.No, "   1 s         100 requests")]
    [InlineData(AnsiSupport.Yes, "\e[?25l")]
    public void A_terminal_gets_what_it_can_show(AnsiSupport ansi, string beginning)
    {
        using var output = new StringWriter();
        IAnsiConsole console =
            AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, Out = new AnsiConsoleOutput(output) });
        LoadResult expected = SampleRun.Result(1, _ => 90);
        LoadResult actual = LiveView.Show(SampleRun.Settings, console, output, view =>
        {
            view.Second(expected.Seconds[0]);
            return expected;
        });
        Assert.Same(expected, actual);
        Assert.StartsWith(beginning, output.ToString());
        if (ansi == AnsiSupport.Yes) Assert.Contains("\e[?25h", output.ToString());
    }

    private static string[] Lines(LiveScreen screen)
    {
        using var output = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 100;
        console.Profile.Capabilities.Unicode = true;
        console.Write(screen.Render());
        return [.. output.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
