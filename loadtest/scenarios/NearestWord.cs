using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Scenarios;

/// <summary>What somebody meant who mistyped it.</summary>
public static class NearestWord
{
    /// <summary>The word to which the fewest letters have to be changed, added or left out.</summary>
    public static string Of(string word, IEnumerable<string> words) => words.MinBy(each => Distance(word, each))!;

    /// <summary>Levenshtein's distance, a row of his table at a time.</summary>
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < to.Length; j++)
            {
                int changed = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], diagonal) + 1);
            }
        }
        return row[^1];
    }
}
