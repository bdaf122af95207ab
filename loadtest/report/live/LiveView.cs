using System;
using System.IO;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Spectre.Console;

namespace Memcachier.LoadTest.Report.Live;

/// <summary>A screen that is drawn anew each time it is told something, for terminals. It is gone when the run is over.</summary>
public sealed class LiveView : IRunView
{
    private readonly LoadSettings _settings;
    private readonly LiveScreen _screen;
    private readonly LiveDisplayContext _display;

    private LiveView(LoadSettings settings, LiveScreen screen, LiveDisplayContext display)
    {
        _settings = settings;
        _screen = screen;
        _display = display;
    }

    /// <summary>Runs what reports to the view it gets.</summary>
    /// <param name="settings">Which load.</param>
    /// <param name="output">A terminal.</param>
    /// <param name="run">What runs.</param>
    public static LoadResult Show(LoadSettings settings, TextWriter output, Func<IRunView, LoadResult> run) => Show(
        settings, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), output, run);

    /// <summary>As the other, and <paramref name="console"/> says what the terminal can.</summary>
    internal static LoadResult Show(
        LoadSettings settings, IAnsiConsole console, TextWriter output, Func<IRunView, LoadResult> run)
    {
        if (!console.Profile.Capabilities.Ansi) return run(new PlainView(output));
        var screen = new LiveScreen(settings);
        return console.Live(screen.Render()).AutoClear(true)
            .Start(display => run(new LiveView(settings, screen, display)));
    }

    public void Rehearse(SecondSample second)
    {
        var screen = new LiveScreen(_settings);
        screen.Second(second);
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) })
            .Write(screen.Render());
    }

    public void Preloading(long count, long total, string what)
    {
        _screen.Preloading(count, total, what);
        Draw();
    }

    public void Checking(long count, long total, string what)
    {
        _screen.Checking(count, total, what);
        Draw();
    }

    public void Preloaded(long total, string what, TimeSpan took) => Preloading(total, total, what);

    public void Note(string text) => _screen.Note(text);

    public void Running(TimeSpan elapsed, long answered)
    {
        _screen.Running(elapsed, answered);
        Draw();
    }

    public void Second(SecondSample second) => _screen.Second(second);

    private void Draw() => _display.UpdateTarget(_screen.Render());
}
