using System;
using System.Buffers;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Says random things to two servers, to one in one piece and to the other cut anyhow. Both must give the same answers to
/// the byte, well framed, and be as before when the connection is gone; a connection that behaves must get what it asked
/// for all the while.
/// </summary>
public sealed class Fuzzer
{
    private const int WitnessInterval = 16;

    private readonly InputSource _source;
    private readonly Features _features = new();
    private readonly Subject _whole = new(seed: 1);
    private readonly Subject _pieces;

    /// <summary>Hears what the two need not agree about.</summary>
    private readonly Subject _alone;

    private readonly ArrayBufferWriter<byte> _wholeComparable = new();
    private readonly ArrayBufferWriter<byte> _piecesComparable = new();
    private Prng _random;

    public Fuzzer(ulong seed)
    {
        Seed = seed;
        _random = new Prng(seed);
        _source = new InputSource(seed);
        _pieces = new Subject(seed);
        _alone = new Subject(seed);
    }

    public ulong Seed { get; }

    /// <summary>Inputs that were said.</summary>
    public long Count { get; private set; }

    public int FeatureCount => _features.Count;

    /// <summary>What has shown something new.</summary>
    public IReadOnlyList<byte[]> Corpus => _source.Corpus;

    /// <summary>Says an input that was kept.</summary>
    /// <exception cref="FuzzFailure">Something that must never happen did.</exception>
    public void Replay(byte[] input) => Try(new Input(input, isWellFormed: false));

    /// <summary>Thinks of an input and says it.</summary>
    /// <exception cref="FuzzFailure">Something that must never happen did.</exception>
    public void Step()
    {
        Try(_source.Next());
        if (Count % WitnessInterval == 0) AskWitness();
        if (_random.Chance(1, 50)) Sleep(1);
    }

    private void Try(Input input)
    {
        Count++;
        try
        {
            if (input.IsSameInPieces)
            {
                _whole.Converse(input.Octets.Span, isWhole: true);
                _pieces.Converse(input.Octets.Span, isWhole: false);
                JudgeFraming(_whole, input);
                JudgeBoth(input);
            }
            else
            {
                _alone.Converse(input.Octets.Span, isWhole: false);
                JudgeFraming(_alone, input);
            }
        }
        catch (Exception e)
        {
            throw new FuzzFailure($"seed {Seed}, input {Count}: {e.Message}\nsaid: {Octets.Escape(input.Octets.Span)}", e);
        }
        if (_features.Learn()) _source.Keep(input.Octets.ToArray());
    }

    private void JudgeFraming(Subject subject, Input input)
    {
        _features.Begin();
        int at = Replies.Read(input, subject.Answer, _features);
        if (at >= 0) throw new FuzzFailure($"no answer of the protocol, at {at}: {Octets.Escape(subject.Answer)}");
    }

    private void JudgeBoth(Input input)
    {
        if (input.IsWellFormed && !Replies.IsSentinelLast(input, _whole.Answer))
        {
            throw new FuzzFailure($"the last request is not answered last: {Octets.Escape(_whole.Answer)}");
        }
        ReadOnlySpan<byte> whole = Replies.WithoutStatistics(input, _whole.Answer, _wholeComparable);
        if (!whole.SequenceEqual(Replies.WithoutStatistics(input, _pieces.Answer, _piecesComparable)))
        {
            throw new FuzzFailure(
                $"cut otherwise, it is answered otherwise:\n{Octets.Escape(_whole.Answer)}\n{Octets.Escape(_pieces.Answer)}");
        }
    }

    private void AskWitness()
    {
        if (IsWitnessRight()) return;
        Sleep(Witness.FlushSeconds);
        if (IsWitnessRight()) return;
        throw new FuzzFailure(
            $"seed {Seed}, input {Count}: the one that behaves hears {Octets.Escape(_whole.Answer)}, {Octets.Escape(_pieces.Answer)}");
    }

    private bool IsWitnessRight()
    {
        var witness = new Witness(ref _random);
        _whole.Witness(witness.Request.Span);
        _pieces.Witness(witness.Request.Span);
        _alone.Witness(witness.Request.Span);
        ReadOnlySpan<byte> right = witness.Answer.Span;
        return _whole.Answer.SequenceEqual(right) && _pieces.Answer.SequenceEqual(right) && _alone.Answer.SequenceEqual(right);
    }

    private void Sleep(int seconds)
    {
        _whole.Sleep(seconds);
        _pieces.Sleep(seconds);
        _alone.Sleep(seconds);
    }
}
