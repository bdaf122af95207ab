using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>One model and one subject, told the same.</summary>
internal sealed class Comparison
{
    private readonly StoreModel _model;
    private readonly Subject _subject;
    private readonly ExpectedAnswer _expected = new();
    private readonly List<byte> _requests = [];
    private readonly List<int> _answerOffsets = [];
    private readonly HashSet<string> _keys = [];
    private readonly uint _batchCountMax;
    private Prng _random;

    public Comparison(Setting setting, StoreModel model, Subject subject, ulong seed)
    {
        _model = model;
        _subject = subject;
        _batchCountMax = setting.BatchCountMax;
        _random = new Prng(seed);
    }

    /// <summary>All that was done.</summary>
    public List<Operation> Done { get; } = [];

    /// <summary>Executes them as they come, then looks at every key. Null if all is well, or not defined.</summary>
    public Mismatch? Run(IEnumerable<Operation> operations)
    {
        uint batchCount = 1;
        foreach (Operation operation in operations)
        {
            Mismatch? mismatch = null;
            Done.Add(operation);
            _keys.UnionWith(operation.Keys);
            if (operation.Verb == Verb.Sleep)
            {
                mismatch = Compare();
                _model.Execute(operation, _expected);
                _subject.Sleep(operation.Exptime);
            }
            else
            {
                // What a cas refers to may be in the answers that are still to come.
                if (operation.NeedsAnswers) mismatch = Compare();
                if (mismatch != null) return mismatch;
                Add(operation);
                if (!_model.IsDefined) return null;
                if (_answerOffsets.Count < batchCount) continue;
                mismatch = Compare();
                batchCount = 1 + _random.Below(_batchCountMax);
            }
            if (mismatch != null) return mismatch;
        }
        foreach (string key in _keys) Add(new Operation(Verb.Get, key));
        if (Compare() is Mismatch atEnd) return atEnd with { OperationCount = Done.Count };
        string? complaint = _subject.Complaint(_model);
        return complaint == null ? null : new Mismatch(Done.Count, "", complaint);
    }

    private void Add(Operation operation)
    {
        ulong cas = operation.Keys.Length > 0 ? operation.ComparedCas(_expected) : 0;
        operation.Render(cas, _requests);
        _answerOffsets.Add(_expected.Length);
        _model.Execute(operation, _expected);
    }

    /// <summary>Sends what has not been sent.</summary>
    private Mismatch? Compare()
    {
        if (_answerOffsets.Count == 0) return null;
        Mismatch? mismatch = null;
        int difference = 0;
        string? actual = null;
        try
        {
            ReadOnlySpan<byte> requests = CollectionsMarshal.AsSpan(_requests);
            ReadOnlySpan<byte> answer = _subject.Ask(requests);
            if (!_expected.Matches(answer, out difference)) actual = Encoding.Latin1.GetString(answer);
        }
#pragma warning disable CA1031 // Whatever it is, a short way to it is worth finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            actual = e.ToString();
            difference = _expected.Length;
        }
        if (actual != null)
        {
            int index = _answerOffsets.Count - 1;
            while (_answerOffsets[index] > difference) index--;
            int count = Done.Count - _answerOffsets.Count + index + 1;
            mismatch = new Mismatch(count, _expected.ToString(), actual);
        }
        _expected.Clear();
        _requests.Clear();
        _answerOffsets.Clear();
        return mismatch;
    }
}
