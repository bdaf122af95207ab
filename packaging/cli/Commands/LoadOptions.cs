using System;
using System.CommandLine;
using System.Globalization;
using System.Threading.Tasks;
using Memcachier.LoadTest;

namespace Memcachier.Cli.Commands;

/// <summary>What the options of the load tester have in common.</summary>
internal static class LoadOptions
{
    /// <summary>A load test blocks; so Ctrl-C is heard only if it runs elsewhere.</summary>
    public static Task<int> Explained(Func<int> action) => Task.Run(() =>
    {
        try
        {
            return action();
        }
        catch (LoadTestException problem)
        {
            throw new UserErrorException(problem.Message, problem);
        }
    });

    public static long? ParseCount(string? text, string option, long most, long least = 1)
    {
        if (text == null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) &&
            count >= least && count <= most)
            return count;
        string range = most == long.MaxValue ? $"{least} or more" : $"{least} to {most}";
        throw new UserErrorException($"'{text}' is not a count: {option} takes {range}");
    }

    public static Option<string> Text(string name, string preset, string values, string description) => new(name)
    {
        HelpName = values,
        Description = description,
        DefaultValueFactory = _ => preset,
    };
}
