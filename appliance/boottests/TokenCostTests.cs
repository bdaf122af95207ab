using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>What it takes to refuse a token must not say how much of it was right.</summary>
public sealed class TokenCostTests
{
    private readonly ITestOutputHelper _output;

    public TokenCostTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task A_wrong_token_takes_as_long_as_the_right_one()
    {
        Dictionary<string, double> figures = await BenchImage.MeasureAsync(_output);
        KeyValuePair<string, double>[] tokens = [.. figures.Where(figure => figure.Key.StartsWith("token, ", StringComparison.Ordinal))];
        Assert.Equal(4, tokens.Length);
        _output.WriteLine($"measured: a token of 32 bytes is compared in {tokens[0].Value} instructions");
        Assert.All(tokens, token => Assert.Equal(tokens[0].Value, token.Value));
    }
}
