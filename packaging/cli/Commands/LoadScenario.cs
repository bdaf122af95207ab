using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Scenarios;

namespace Memcachier.Cli.Commands;

/// <summary>
/// The scenario of <c>load --scenario</c> and the switches beside it, which win. Where the file sets a switch, it is as if
/// the command line had.
/// </summary>
public sealed class LoadScenario
{
    public const string Switch = "--scenario";
    public const string SchemaSwitch = "--scenario-schema";
    public const string KeyFile = "--key-file";

    private const string Connections = "--connections";

    /// <summary>What says in one word how the load goes; any of them takes the place of load_simulations.</summary>
    private static readonly string[] Shapes = ["--rate", "--duration", "--requests"];

    /// <summary>What says how numbered keys are, where a file has others.</summary>
    private static readonly string[] NumberedKeys = ["--keys", "--key-size"];

    private readonly Scenario _scenario;
    private readonly bool _hasSimulations;
    private readonly bool _hasConnections;

    private LoadScenario(Scenario scenario, ParseResult given, ParseResult parsed)
    {
        _scenario = scenario;
        Parsed = parsed;
        _hasSimulations = scenario.Simulations.Count > 0 &&
            !given.CommandResult.Command.Options.Any(each => Shapes.Contains(each.Name) && IsGiven(given, each));
        _hasConnections =
            parsed.CommandResult.Command.Options.Any(each => each.Name == Connections && IsGiven(parsed, each));
    }

    /// <summary>The command line with what the scenario adds.</summary>
    public ParseResult Parsed { get; }

    /// <summary>The switches that a scenario may set: all that are about a load test.</summary>
    public static IEnumerable<SwitchShape> SwitchesOf(Command command) => command.Options
        .Where(each => each is not HelpOption && each.Name is not (Switch or SchemaSwitch))
        .Select(each => new SwitchShape(
            each.Name,
            KindOf(each),
            each.HelpName,
            each.Description,
            each.HasDefaultValue && KindOf(each) == SwitchKind.Text ? each.GetDefaultValue() as string : null));

    /// <param name="file">Where it is.</param>
    /// <param name="given">The command line.</param>
    public static LoadScenario Read(string file, ParseResult given)
    {
        Command command = given.CommandResult.Command;
        Scenario scenario =
            new ScenarioReader(SwitchesOf(command).ToDictionary(each => each.Name, each => each.Kind)).Read(file);
        return new LoadScenario(
            scenario, given, With(given, scenario.Switches.Select(each => (each.Name, each.Text))));
    }

    /// <summary>
    /// The command line as if it said more; but what it says stays as it is, and so do its keys: a file or numbered ones.
    /// </summary>
    public static ParseResult With(ParseResult given, IEnumerable<(string Name, string Text)> switches)
    {
        Command command = given.CommandResult.Command;
        List<Option> options = [.. command.Options.Where(option => IsGiven(given, option))];
        IEnumerable<string> words = options.SelectMany(option => WordsOf(given.GetResult(option)!));
        IEnumerable<string> added = switches
            .Where(each => !options.Exists(option => Overrules(option.Name, each.Name)))
            .Select(each => $"{each.Name}={each.Text}");
        return command.Parse([.. words, .. added]);
    }

    /// <summary>The settings that <see cref="Parsed"/> says, with the simulations.</summary>
    public LoadSettings Complete(LoadSettings settings)
    {
        settings = settings with { ScenarioName = _scenario.Name };
        if (!_hasSimulations) return settings;
        int copies = _scenario.Simulations.Max(each => each.Copies);
        return settings with
        {
            Simulations = _scenario.Simulations,
            // As many as are needed; but where there is an open loop, which needs any of them, too, not fewer than usual.
            ConnectionCount = _hasConnections || copies == 0 ? settings.ConnectionCount
                : _scenario.Simulations.Any(each => each.IsOpenLoop) ? Math.Max(copies, settings.ConnectionCount)
                : copies,
        };
    }

    /// <summary>True if the command line says it, and not only its default.</summary>
    public static bool IsGiven(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };

    /// <summary>What is wrong with a word, and where the word is, if it is in the file.</summary>
    public string Located(string sentence)
    {
        SwitchValue? culprit = _scenario.Switches.FirstOrDefault(
            each => sentence.StartsWith($"'{each.Text}' ", StringComparison.Ordinal));
        return culprit == null ? sentence : $"{culprit.Place}: {sentence}";
    }

    private static bool Overrules(string name, string other) => name == other ||
        (name == KeyFile && NumberedKeys.Contains(other)) || (other == KeyFile && NumberedKeys.Contains(name));

    private static IEnumerable<string> WordsOf(OptionResult result) => result.Tokens.Count == 0
        ? [result.Option.Name]
        : result.Tokens.Select(token => $"{result.Option.Name}={token.Value}");

    private static SwitchKind KindOf(Option option) =>
        option.ValueType == typeof(bool) ? SwitchKind.Flag
        : option.ValueType.IsArray ? SwitchKind.List
        : SwitchKind.Text;
}
