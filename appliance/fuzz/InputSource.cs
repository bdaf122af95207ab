using System.Collections.Generic;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Inputs: requests of a grammar, as they are or spoiled, and spoiled inputs of the corpus, which is what has shown
/// something new.
/// </summary>
internal sealed class InputSource
{
    private const uint ValueLengthMax = 9000;
    private const int CorpusInputLengthMax = 400;

    private static readonly byte[] s_sentinel = "mn\r\n"u8.ToArray();

    private readonly TextGrammar _text;
    private readonly Mutator _mutator;
    private readonly List<byte[]> _corpus = [];
    private Prng _random;

    public InputSource(ulong seed)
    {
        _random = new Prng(seed);
        _text = new TextGrammar(seed, ValueLengthMax);
        _mutator = new Mutator(seed);
    }

    public IReadOnlyList<byte[]> Corpus => _corpus;

    public void Keep(byte[] input)
    {
        if (input.Length <= CorpusInputLengthMax) _corpus.Add(input);
    }

    public Input Next()
    {
        if (_random.Chance(1, 2)) return new Input([.. Requests(), .. s_sentinel], isWellFormed: true);
        bool isKept = _corpus.Count > 0 && _random.Chance(1, 2);
        byte[] input = isKept ? _corpus[(int)_random.Below((uint)_corpus.Count)] : Requests();
        return new Input(_mutator.Mutate(input, _text.Next()), isWellFormed: false);
    }

    private byte[] Requests()
    {
        byte[] requests = _text.Next();
        for (uint more = _random.Below(6); more > 0; more--) requests = [.. requests, .. _text.Next()];
        return requests;
    }
}
