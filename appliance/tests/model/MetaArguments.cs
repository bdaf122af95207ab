using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>The flags of a meta command, but for those that other operations have as well.</summary>
internal sealed record MetaArguments
{
    /// <summary>What is to be answered: flags of one letter, in this order.</summary>
    public string Asked { get; init; } = "";

    /// <summary>C</summary>
    public CasChoice Compared { get; init; }

    /// <summary>E</summary>
    public ulong? NewCas { get; init; }

    /// <summary>T</summary>
    public int? Exptime { get; init; }

    /// <summary>N</summary>
    public int? VivifyExptime { get; init; }

    /// <summary>R</summary>
    public int? RecacheExptime { get; init; }

    /// <summary>R comes before T.</summary>
    public bool IsRecacheFirst { get; init; }

    /// <summary>J</summary>
    public ulong? Initial { get; init; }

    /// <summary>M; '\0' if there is none.</summary>
    public char Mode { get; init; }

    /// <summary>I</summary>
    public bool Invalidates { get; init; }

    /// <summary>x</summary>
    public bool DropsValue { get; init; }

    /// <summary>u</summary>
    public bool IsUnseen { get; init; }

    public bool HasValue => Asked.Contains('v');

    /// <summary>The flags as they are sent, in the order in which the model follows them.</summary>
    public string Render(ulong cas)
    {
        var text = new StringBuilder();
        if (Mode != '\0') _ = text.Append(" M").Append(Mode);
        if (Compared != CasChoice.None) Add('C', cas);
        if (NewCas is ulong newCas) Add('E', newCas);
        if (VivifyExptime is int vivifyExptime) Add('N', vivifyExptime);
        if (Initial is ulong initial) Add('J', initial);
        if (IsRecacheFirst && RecacheExptime is int first) Add('R', first);
        if (Exptime is int exptime) Add('T', exptime);
        if (!IsRecacheFirst && RecacheExptime is int second) Add('R', second);
        if (Invalidates) _ = text.Append(" I");
        if (DropsValue) _ = text.Append(" x");
        if (IsUnseen) _ = text.Append(" u");
        foreach (char flag in Asked) _ = text.Append(' ').Append(flag);
        return text.ToString();

        void Add<T>(char flag, T value) => text.Append(CultureInfo.InvariantCulture, $" {flag}{value}");
    }

    /// <summary>As C# would have it.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Asked.Length > 0) parts.Add($"Asked = \"{Asked}\"");
        if (Compared != CasChoice.None) parts.Add($"Compared = CasChoice.{Compared}");
        Add("NewCas", NewCas);
        Add("Exptime", Exptime);
        Add("VivifyExptime", VivifyExptime);
        Add("RecacheExptime", RecacheExptime);
        if (IsRecacheFirst) parts.Add("IsRecacheFirst = true");
        Add("Initial", Initial);
        if (Mode != '\0') parts.Add($"Mode = '{Mode}'");
        if (Invalidates) parts.Add("Invalidates = true");
        if (DropsValue) parts.Add("DropsValue = true");
        if (IsUnseen) parts.Add("IsUnseen = true");
        return parts.Count == 0 ? "new()" : $"new() {{ {string.Join(", ", parts)} }}";

        void Add<T>(string name, T? value)
            where T : struct
        {
            if (value != null) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value}"));
        }
    }

    /// <summary>The same with one thing less.</summary>
    public IEnumerable<MetaArguments> Simpler()
    {
        if (Asked.Length > 0) yield return this with { Asked = "" };
        if (Asked.Length > 1)
        {
            for (int i = 0; i < Asked.Length; i++) yield return this with { Asked = Asked.Remove(i, 1) };
        }
        if (Compared != CasChoice.None) yield return this with { Compared = CasChoice.None };
        if (NewCas != null) yield return this with { NewCas = null };
        if (Exptime != null) yield return this with { Exptime = null };
        if (VivifyExptime != null) yield return this with { VivifyExptime = null };
        if (RecacheExptime != null) yield return this with { RecacheExptime = null };
        if (IsRecacheFirst) yield return this with { IsRecacheFirst = false };
        if (Initial != null) yield return this with { Initial = null };
        if (Mode != '\0') yield return this with { Mode = '\0' };
        if (Invalidates) yield return this with { Invalidates = false };
        if (DropsValue) yield return this with { DropsValue = false };
        if (IsUnseen) yield return this with { IsUnseen = false };
    }
}
