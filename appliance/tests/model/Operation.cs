using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>One request, or some seconds that pass. As text it is the C# that makes it.</summary>
internal sealed record Operation(Verb Verb, params string[] Keys)
{
    /// <summary>A cas unique that no server gets to.</summary>
    public const ulong WrongCas = 987_654_321_987_654_321;

    public uint Flags { get; init; }

    /// <summary>Of <see cref="Verb.Sleep"/>: how many seconds.</summary>
    public int Exptime { get; init; }

    public Payload Value { get; init; }

    public ulong Delta { get; init; }

    public bool IsNoReply { get; init; }

    /// <summary>cas with the number last told of this key; otherwise with one that is wrong.</summary>
    public bool IsCasSeen { get; init; }

    /// <summary>The flags of a meta command.</summary>
    public MetaArguments Meta { get; init; } = new();

    public bool IsStorage => Verb is <= Verb.Cas or Verb.MetaSet;

    public bool IsMeta => Verb is >= Verb.MetaGet and <= Verb.MetaAdd;

    /// <summary>True if what it says depends on an earlier answer.</summary>
    public bool NeedsAnswers => IsCasSeen || Meta.Compared is CasChoice.Seen or CasChoice.Below;

    public bool IsRetrieval => Verb is >= Verb.Get and <= Verb.Gats;

    public bool IsJoining => Verb is Verb.Append or Verb.Prepend;

    /// <summary>The number that the request has for a cas unique.</summary>
    public ulong ComparedCas(ExpectedAnswer answer)
    {
        ulong seen = answer.CasOf(answer.SeenVersion(Keys[0]));
        return Meta.Compared switch
        {
            CasChoice.None => IsCasSeen ? seen : WrongCas,
            CasChoice.Seen => seen,
            CasChoice.Below when seen == WrongCas => WrongCas - 1,
            CasChoice.Below when seen > 1 => seen - 1,
            CasChoice.Zero => 0,
            _ => WrongCas,
        };
    }

    /// <summary>The bytes of the request.</summary>
    public void Render(ulong cas, List<byte> request)
    {
        string end = IsNoReply ? " noreply\r\n" : "\r\n";
        string keys = string.Join(' ', Keys);
        string line = Verb switch
        {
            Verb.Get or Verb.Gets => $"{Word} {keys}{end}",
            Verb.Gat or Verb.Gats => $"{Word} {Exptime} {keys}{end}",
            Verb.Touch => $"touch {keys} {Exptime}{end}",
            Verb.Delete => $"delete {keys}{end}",
            Verb.Incr or Verb.Decr => $"{Word} {keys} {Delta}{end}",
            Verb.FlushAll => Exptime == 0 ? $"flush_all{end}" : $"flush_all {Exptime}{end}",
            Verb.Cas => $"cas {keys} {Flags} {Exptime} {Value.Length} {cas}{end}",
            Verb.MetaGet => $"mg {keys}{Meta.Render(cas)}\r\n",
            Verb.MetaSet => $"ms {keys} {Value.Length} F{Flags}{Meta.Render(cas)}\r\n",
            Verb.MetaDelete => $"md {keys} F{Flags}{Meta.Render(cas)}\r\n",
            Verb.MetaAdd => $"ma {keys} D{Delta}{Meta.Render(cas)}\r\n",
            Verb.Sleep => "",
            _ => $"{Word} {keys} {Flags} {Exptime} {Value.Length}{end}",
        };
        request.AddRange(Encoding.Latin1.GetBytes(line));
        if (!IsStorage) return;
        request.AddRange(Value.ToArray());
        request.AddRange("\r\n"u8);
    }

    public override string ToString()
    {
        var text = new StringBuilder($"new(Verb.{Verb}");
        foreach (string key in Keys) _ = text.Append(", ").Append(Quote(key));
        var rest = new List<string>();
        if (Flags != 0) rest.Add($"Flags = {Flags}");
        if (Exptime != 0) rest.Add(string.Create(CultureInfo.InvariantCulture, $"Exptime = {Exptime}"));
        if (Value.Length > 0) rest.Add($"Value = {Value}");
        if (Delta != 0) rest.Add($"Delta = {Delta}");
        if (IsCasSeen) rest.Add("IsCasSeen = true");
        if (IsNoReply) rest.Add("IsNoReply = true");
        if (IsMeta) rest.Add($"Meta = {Meta}");
        _ = text.Append(rest.Count > 0 ? $") {{ {string.Join(", ", rest)} }}," : "),");
        return text.ToString();
    }

    /// <summary>A string literal.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\r' => quoted.Append("\\r"),
                '\n' => quoted.Append("\\n"),
                < ' ' or > '~' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    private string Word => Verb switch
    {
        Verb.Set => "set",
        Verb.Add => "add",
        Verb.Replace => "replace",
        Verb.Append => "append",
        Verb.Prepend => "prepend",
        Verb.Get => "get",
        Verb.Gets => "gets",
        Verb.Gat => "gat",
        Verb.Gats => "gats",
        Verb.Incr => "incr",
        _ => "decr",
    };
}
