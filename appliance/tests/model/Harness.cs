using System;
using System.Collections.Generic;
using System.Text;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Random sequences, each on a fresh subject; one that fails is shrunk and written down.</summary>
internal sealed class Harness
{
    private const int TextLengthMax = 4000;

    private readonly Setting _setting;
    private readonly Func<Setting, StoreModel> _newModel;

    public Harness(Setting setting)
        : this(setting, setting => new StoreModel(setting))
    {
    }

    /// <param name="newModel">Another model than the right one.</param>
    public Harness(Setting setting, Func<Setting, StoreModel> newModel)
    {
        _setting = setting;
        _newModel = newModel;
    }

    /// <summary>Of all runs: items that survived the reclaiming of their memory.</summary>
    public long ItemsCompacted { get; private set; }

    /// <summary>Null if all is well.</summary>
    public Failure? RunRandom(ulong seed, int count)
    {
        StoreModel model = _newModel(_setting);
        using Subject subject = _setting.NewSubject(seed);
        var comparison = new Comparison(_setting, model, subject, seed);
        Mismatch? mismatch = comparison.Run(new RandomOperations(_setting, model, seed).Take(count));
        if (!model.IsDefined) throw new InvalidOperationException($"seed {seed} leaves what is defined");
        ItemsCompacted += subject.ItemsCompacted;
        if (mismatch == null) return null;

        // What comes after the operation with the wrong answer is left out; the rest of its batch may belong to it.
        List<Operation> all = comparison.Done;
        List<Operation> first = all.GetRange(0, mismatch.OperationCount);
        List<Operation> operations = Replay(seed, first) != null ? first : all;
        int runs = 0;
        // A failure that does not come back is reported as it is.
        if (Replay(seed, operations) != null)
        {
            operations = Shrinker.Shrink(operations, shorter =>
            {
                runs++;
                return Replay(seed, shorter) != null;
            });
            mismatch = Replay(seed, operations) ?? mismatch;
        }
        return new Failure(seed, operations, Describe(seed, all.Count, runs, operations, mismatch));
    }

    /// <summary>A sequence that was written down.</summary>
    public Mismatch? Replay(ulong seed, IReadOnlyList<Operation> operations)
    {
        StoreModel model = _newModel(_setting);
        using Subject subject = _setting.NewSubject(seed);
        return new Comparison(_setting, model, subject, seed).Run(operations);
    }

    private string Describe(ulong seed, int count, int runs, List<Operation> operations, Mismatch mismatch)
    {
        var text = new StringBuilder();
        _ = text.AppendLine(
            $"{_setting.Name}, seed {seed}: {count} operations, shrunk to {operations.Count} by {runs} runs:");
        foreach (Operation operation in operations) _ = text.Append("    ").AppendLine(operation.ToString());
        _ = text.AppendLine($"expected: {Quote(mismatch.Expected)}");
        _ = text.AppendLine($"actual:   {Quote(mismatch.Actual)}");
        return text.ToString();
    }

    private static string Quote(string text) => text.Length <= TextLengthMax
        ? Operation.Quote(text)
        : Operation.Quote(text.Substring(0, TextLengthMax)) + $" and {text.Length - TextLengthMax} bytes more";
}
