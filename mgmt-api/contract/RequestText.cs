using System.Linq;

namespace Memcachier.Management.Contract;

/// <summary>Puts requests together.</summary>
/// <param name="Fields">With their line ends.</param>
internal sealed record RequestText(string Method, string Target, string Fields, string Body)
{
    private const int TargetLengthMax = 2048;
    private const int FieldCountMax = 64;

    public string Version { get; init; } = "HTTP/1.1";

    public string Host { get; init; } = "localhost";

    public RequestText With(string fields) => this with { Fields = Fields + fields };

    public RequestText TooLong() => this with { Target = Target + "?" + new string('x', TargetLengthMax) };

    public RequestText TooMany() => With(string.Concat(Enumerable.Range(0, FieldCountMax + 1).Select(i => $"X-{i}: x\r\n")));

    /// <summary>Without the empty line, which never comes.</summary>
    public string Unfinished() => $"{Method} {Target} {Version}\r\nHost: {Host}\r\n{Fields}";

    public override string ToString()
    {
        string length = Body.Length > 0 ? $"Content-Length: {Body.Length}\r\n" : "";
        return $"{Method} {Target} {Version}\r\nHost: {Host}\r\nConnection: close\r\n{Fields}{length}\r\n{Body}";
    }
}
