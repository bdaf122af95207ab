using System.Collections.Generic;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// Inputs: requests of one grammar or the other, as they are or spoiled, and spoiled inputs of the corpus, which is what has shown
/// something new.
/// </summary>
internal sealed class InputSource
{
    private const uint ValueLengthMax = 9000;
    private const int CorpusInputLengthMax = 250;

    private readonly TextGrammar _text;
    private readonly BinaryGrammar _binary;
    private readonly Mutator _mutator;
    private readonly List<byte[]> _corpus = [];
    private Prng _random;

    public InputSource(ulong seed)
    {
        _random = new Prng(seed);
        _text = new TextGrammar(seed, ValueLengthMax);
        _binary = new BinaryGrammar(seed, ValueLengthMax);
        _mutator = new Mutator(seed);
    }

    public IReadOnlyList<byte[]> Corpus => _corpus;

    public void Keep(byte[] input)
    {
        if (input.Length <= CorpusInputLengthMax) _corpus.Add(input);
    }

    public Input Next()
    {
        bool isBinary = _random.Chance(1, 3);
        if (_random.Chance(1, 2))
        {
            byte[] sentinel = isBinary ? BinaryGrammar.Sentinel : TextGrammar.Sentinel;
            return new Input([.. Requests(isBinary), .. sentinel], isWellFormed: true);
        }
        bool isKept = _corpus.Count > 0 && _random.Chance(1, 2);
        byte[] input = isKept ? _corpus[(int)_random.Below((uint)_corpus.Count)] : Requests(isBinary);
        return new Input(_mutator.Mutate(input, Request(isBinary)), isWellFormed: false);
    }

    private byte[] Requests(bool isBinary)
    {
        byte[] requests = Request(isBinary);
        for (uint more = _random.Below(6); more > 0; more--) requests = [.. requests, .. Request(isBinary)];
        return requests;
    }

    private byte[] Request(bool isBinary) => isBinary ? _binary.Next() : _text.Next();
}
