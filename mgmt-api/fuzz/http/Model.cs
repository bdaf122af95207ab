using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>
/// What a connection should make of its input, worked out in another way than the server does: on strings, with the
/// grammar as regular expressions. It knows who is asked, what is answered, and where it ends.
/// </summary>
public sealed partial class Model
{
    /// <summary>Some status of refusal; which one, tables of the tests say.</summary>
    public const int Refused = -1;

    private const int BodyLengthMax = 8192;

    private readonly StringBuilder _log = new();
    private string _rest;
    private int _bodyLengthMax;

    public Model(ReadOnlySpan<byte> input)
    {
        _rest = Encoding.Latin1.GetString(input);
        while (!IsClosed && TryRequest())
        {
        }
    }

    /// <summary>Expected, one for each response that is not interim.</summary>
    public List<int> Statuses { get; } = [];

    /// <summary>Whether each of them answers a HEAD.</summary>
    public List<bool> IsHead { get; } = [];

    /// <summary>As <see cref="SiteLog.Lines"/>.</summary>
    public string Log => _log.ToString();

    /// <summary>The server ends the connection.</summary>
    public bool IsClosed { get; private set; }

    private bool TryRequest()
    {
        if (_rest.StartsWith("\r\n", StringComparison.Ordinal)) _rest = _rest[2..];
        if (_rest.Length == 0 || _rest == "\r") return false;
        string window = _rest[..Math.Min(_rest.Length, HttpLimits.HeadLengthMax)];
        int end = window.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        string head = end < 0 ? window : window[..(end + 4)];
        bool isBad = ForbiddenPattern().IsMatch(head) || head.StartsWith("\r\n", StringComparison.Ordinal)
            || (head.StartsWith('\r') && head.Length > 1);
        if (end < 0 && !isBad && window.Length < HttpLimits.HeadLengthMax) return false;
        Match match = end < 0 || isBad ? Match.Empty : HeadPattern().Match(head);
        if (!match.Success) return Refuse(_rest.StartsWith("HEAD ", StringComparison.Ordinal));
        _rest = _rest[(end + 4)..];
        return Serve(match);
    }

    private bool Serve(Match match)
    {
        string method = match.Groups["method"].Value;
        string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        string target = match.Groups["target"].Value;
        bool isOld = match.Groups["minor"].Value == "0";
        bool isHead = method == "HEAD";
        (string Name, string Value)[] fields = match.Groups["name"].Captures
            .Zip(match.Groups["value"].Captures, (n, v) => (n.Value.ToUpperInvariant(), v.Value)).ToArray();
        string[] Values(string name) => fields.Where(f => f.Name == name).Select(f => f.Value).ToArray();

        Match place = TargetPattern().Match(target);
        string[] hosts = Values("HOST"), lengths = Values("CONTENT-LENGTH"), codings = Values("TRANSFER-ENCODING");
        string[] expects = isOld ? [] : [.. Values("EXPECT").SelectMany(Elements).Where(e => e.Length > 0)];
        bool isChunked = codings.Length > 0;
        string length = lengths.Length == 1 ? lengths[0].Trim(' ') : "";
        bool isBad = !methods.Contains(method) || target.Length > HttpLimits.TargetLengthMax || !place.Success
            || (target == "*" && method != "OPTIONS") || fields.Length > HttpLimits.FieldCountMax
            || hosts.Length > 1 || (hosts.Length == 0 && !isOld) || hosts.Any(h => !IsAuthority(h.Trim(' ', '\t')))
            || (place.Groups["authority"].Success && !IsAuthority(place.Groups["authority"].Value))
            || lengths.Length > 1 || (lengths.Length == 1 && !DigitsPattern().IsMatch(length))
            || (isChunked && (isOld || lengths.Length > 0 || codings.Length > 1
                || !codings[0].Trim(' ').Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            || expects.Any(e => e != "100-CONTINUE");
        if (isBad) return Refuse(isHead);
        bool isTooLong = length.TrimStart('0').Length > 5;
        int bodyLength = lengths.Length == 0 || isTooLong ? 0 : int.Parse("0" + length.TrimStart('0'), CultureInfo.InvariantCulture);
        if (isTooLong || bodyLength > BodyLengthMax) return Refuse(isHead);

        string[] connection = [.. Values("CONNECTION").SelectMany(Elements)];
        bool keeps = !connection.Contains("CLOSE") && (!isOld || connection.Contains("KEEP-ALIVE"));
        string path = place.Groups["path"].Success ? place.Groups["path"].Value : "";
        if (target == "*" || (path.Length == 0 && method == "OPTIONS" && !place.Groups["query"].Success)) path = "*";
        else if (path.Length == 0) path = "/";
        _ = _log.Append(Array.IndexOf(methods, method)).Append(path).Append('\n');

        bool isOfKind = path is "/none" or "/long" or "/short" or "/stream" or "/early" or "/tag";
        bool isBodyWanted = !isOfKind && method is ("POST" or "PUT" or "PATCH");
        _bodyLengthMax = isBodyWanted && path == "/small" ? EchoSite.SmallLengthMax : BodyLengthMax;
        if (bodyLength > _bodyLengthMax) return Refuse(isHead);
        bool hasBody = isChunked || bodyLength > 0;
        bool isNotAwaited = !isBodyWanted && expects.Length > 0 && hasBody;
        bool isNotModified = path == "/tag" && method is ("GET" or "HEAD")
            && Values("IF-NONE-MATCH").Any(HasTag);
        int status = path switch { "/none" => 204, "/early" => 403, _ => isNotModified ? 304 : 200 };
        if (!isBodyWanted)
        {
            Statuses.Add(status);
            IsHead.Add(isHead);
        }
        // The server cannot keep /short's promise, nor say where /stream ends in HTTP/1.0, but by closing.
        if (!isBodyWanted && (isNotAwaited || !keeps || (path == "/short" && !isHead) || (path == "/stream" && isOld)))
        {
            IsClosed = true;
            return false;
        }
        BodyEnd end = isChunked ? TakeChunked() : TakePlain(bodyLength);
        if (end == BodyEnd.Missing) return false;
        if (end == BodyEnd.Bad)
        {
            IsClosed = true;
            return isBodyWanted && Refuse(isHead);
        }
        if (!isBodyWanted) return true;
        Statuses.Add(status);
        IsHead.Add(isHead);
        IsClosed = !keeps;
        return true;
    }

    private bool Refuse(bool isHead)
    {
        Statuses.Add(Refused);
        IsHead.Add(isHead);
        IsClosed = true;
        return false;
    }

    /// <summary>Of a list with anything wrong in it, what stands between quotation marks, pair by pair, still counts.</summary>
    private static bool HasTag(string list) =>
        list.Trim(' ', '\t') == "*" || Regex.Matches(list, "\"[^\"]*\"").Any(tag => tag.Value == "\"v1\"");

    private BodyEnd TakePlain(int length)
    {
        if (_rest.Length < length) return BodyEnd.Missing;
        _rest = _rest[length..];
        return BodyEnd.Found;
    }

    private BodyEnd TakeChunked()
    {
        int total = 0;
        int extensions = 0;
        while (true)
        {
            int end = _rest.IndexOf('\r', StringComparison.Ordinal);
            string line = end < 0 ? _rest : _rest[..end];
            Match size = SizeLinePattern().Match(line);
            if (!size.Success || size.Groups["size"].Length > 16) return end < 0 && line.Length == 0 ? BodyEnd.Missing : BodyEnd.Bad;
            extensions += size.Groups["extension"].Length;
            if (extensions > HttpLimits.ChunkExtensionLengthMax) return BodyEnd.Bad;
            if (end < 0) return BodyEnd.Missing;
            string digits = size.Groups["size"].Value.TrimStart('0');
            if (digits.Length > 4) return BodyEnd.Bad;
            int length = digits.Length == 0 ? 0 : int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            total += length;
            if (total > _bodyLengthMax) return BodyEnd.Bad;
            if (_rest.Length <= end + 1) return BodyEnd.Missing;
            if (_rest[end + 1] != '\n') return BodyEnd.Bad;
            _rest = _rest[(end + 2)..];
            if (length == 0) return TakeTrailers();
            if (_rest.Length < length) return BodyEnd.Missing;
            string after = _rest[length..];
            if (!"\r\n".StartsWith(after[..Math.Min(2, after.Length)], StringComparison.Ordinal)) return BodyEnd.Bad;
            if (after.Length < 2) return BodyEnd.Missing;
            _rest = after[2..];
        }
    }

    private BodyEnd TakeTrailers()
    {
        int length = 0;
        while (true)
        {
            int end = _rest.IndexOf('\r', StringComparison.Ordinal);
            string line = end < 0 ? _rest : _rest[..end];
            // A line feed is counted when it is read, with the line before it.
            if (length + line.Length > HttpLimits.TrailerLengthMax) return BodyEnd.Bad;
            if (!(end < 0 ? TrailerStartPattern() : TrailerPattern()).IsMatch(line)) return BodyEnd.Bad;
            if (end < 0) return BodyEnd.Missing;
            length += line.Length;
            if (_rest.Length <= end + 1) return BodyEnd.Missing;
            if (_rest[end + 1] != '\n') return BodyEnd.Bad;
            if (line.Length > 0 && ++length > HttpLimits.TrailerLengthMax) return BodyEnd.Bad;
            _rest = _rest[(end + 2)..];
            if (line.Length == 0) return BodyEnd.Found;
        }
    }

    private static IEnumerable<string> Elements(string list) => list.Split(',').Select(e => e.Trim(' ', '\t').ToUpperInvariant());

    private static bool IsAuthority(string text)
    {
        Match match = AuthorityPattern().Match(text);
        return match.Success
            && (!match.Groups["port"].Success || match.Groups["port"].Length == 0
                || int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) <= 65535);
    }

    private enum BodyEnd
    {
        Found,
        Missing,
        Bad,
    }

    [GeneratedRegex(@"\r(?!\n|\z)|(?<!\r)\n|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")]
    private static partial Regex ForbiddenPattern();

    [GeneratedRegex(@"\A(?<method>[!#$%&'*+.^_`|~0-9A-Za-z-]+) (?<target>[^ \t]+) HTTP/1\.(?<minor>[0-9])\r\n(?:(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):(?<value>[^\r]*)\r\n)*\r\n\z")]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"\A(?:\*|(?![?])(?:https?://(?<authority>[^/?]*))?(?<path>/(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?(?<query>\?(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TargetPattern();

    [GeneratedRegex(@"\A[0-9]+\z")]
    private static partial Regex DigitsPattern();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]{2,}\])(?::(?<port>[0-9]{0,5}))?\z")]
    private static partial Regex AuthorityPattern();

    [GeneratedRegex(@"\A(?<size>[0-9A-Fa-f]+)(?<extension>;[^\x00-\x08\x0a-\x1f\x7f]*)?\z")]
    private static partial Regex SizeLinePattern();

    [GeneratedRegex(@"\A(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*)?\z")]
    private static partial Regex TrailerPattern();

    [GeneratedRegex(@"\A(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+(?::[^\x00-\x08\x0a-\x1f\x7f]*)?)?\z")]
    private static partial Regex TrailerStartPattern();
}
