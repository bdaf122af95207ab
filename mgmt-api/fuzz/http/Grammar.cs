using System;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>Requests, valid and nearly valid, one or several behind each other, whole or spoilt.</summary>
public sealed class Grammar
{
    private const string Marker = "GET /marker HTTP/1.1\r\nHost: evil\r\n\r\n";

    private static readonly string[] s_methods =
        ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get"];

    private static readonly string[] s_targets =
    [
        "/", "/a", "/none", "/long", "/stream", "/early", "/tag", "/short", "/small", "/a%20b?c=d&e", "/a?b?c", "*", "http://h/x",
        "http://h", "HTTPS://[::1]:8080/long?x", "http://u@h/", "/%zz", "/a#b", "a", "", "//x", "http://h?q",
    ];

    private static readonly string[] s_versions = ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/1.10"];

    private static readonly string[] s_fields =
    [
        "Accept: */*", "Connection: close", "Connection: keep-alive", "connection: Keep-Alive, x", "Expect: 100-continue",
        "Expect: 200-ok", "If-None-Match: \"v1\"", "If-None-Match: W/\"x\", \"v1\"", "X: \u00e9", "X:", "X : y", " X: y", "Host: b",
        "Content-Length: 0", "Content-Length: 5", "Content-Length: +5", "Content-Length: 5, 5", "Content-Length: 99999",
        "Content-Length:\t5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: xchunked",
        "Transfer-Encoding:\tchunked", "Transfer-Encoding: identity", "Transfer_Encoding: chunked", "Transfer-Encoding : chunked",
        "Host: [::1]:80", "Host: a/b", "Cookie: a=b; c=d",
    ];

    private static readonly string[] s_octets = ["\r", "\n", "\r\n", "\0", " ", "\t", ":", ",", ";", "0", "5", "\u007f", "\u00ff", "\r\n\r\n", "0\r\n\r\n", "chunked"];

    private readonly StringBuilder _text = new();
    private Prng _random;

    /// <param name="seed">The same seed, the same inputs.</param>
    public Grammar(ulong seed) => _random = new Prng(seed);

    public byte[] Next()
    {
        _ = _text.Clear();
        for (uint count = 1 + _random.Below(3); count > 0; count--) Request();
        if (_random.Chance(1, 3)) Spoil();
        if (_random.Chance(1, 8)) _text.Length = (int)_random.Below((uint)_text.Length + 1);
        return Encoding.Latin1.GetBytes(_text.ToString());
    }

    private void Request()
    {
        if (_random.Chance(1, 20)) _ = _text.Append("\r\n");
        bool isPlain = _random.Chance(2, 3);
        string method = isPlain ? s_methods[_random.Below(10)] : Pick(s_methods);
        string target = isPlain ? s_targets[_random.Below(9)] : Pick(s_targets);
        if (_random.Chance(1, 200)) target = "/" + new string('t', 2000 + (int)_random.Below(100));
        _ = _text.Append(method).Append(' ').Append(target).Append(' ').Append(isPlain ? "HTTP/1.1" : Pick(s_versions)).Append("\r\n");
        if (isPlain || _random.Chance(7, 8)) _ = _text.Append("Host: a:8080\r\n");
        for (uint count = _random.Below(3); count > 0; count--) Field(isPlain);
        if (_random.Chance(1, 200)) _ = _text.Append("Y: ").Append('y', 8000 + (int)_random.Below(200)).Append("\r\n");
        if (_random.Chance(1, 200)) for (int i = 0; i < 62; i++) _ = _text.Append("Z: z\r\n");
        switch (_random.Below(method is "POST" or "PUT" or "PATCH" ? 3u : 12u))
        {
            case 0:
                string body = Body();
                _ = _text.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n").Append(body);
                break;
            case 1:
                _ = _text.Append("Transfer-Encoding: chunked\r\n\r\n");
                Chunks();
                break;
            default:
                _ = _text.Append("\r\n");
                break;
        }
    }

    private void Field(bool isPlain)
    {
        string field = Pick(s_fields);
        if (isPlain) field = s_fields[_random.Below(2) * 2];
        _ = _text.Append(field).Append("\r\n");
    }

    private void Chunks()
    {
        for (uint count = _random.Below(4); count > 0; count--)
        {
            string body = Body();
            if (body.Length == 0) continue;
            string size = body.Length.ToString(_random.Chance(1, 2) ? "x" : "X4", System.Globalization.CultureInfo.InvariantCulture);
            _ = _text.Append(size).Append(_random.Chance(1, 6) ? ";a=\"b\"" : "").Append("\r\n").Append(body).Append("\r\n");
        }
        _ = _text.Append(_random.Chance(1, 20) ? "000" : "0").Append("\r\n");
        if (_random.Chance(1, 6)) _ = _text.Append("Trailer: ").Append('t', _random.Chance(1, 10) ? 1020 : 5).Append("\r\n");
        _ = _text.Append("\r\n");
    }

    private string Body() => _random.Below(5) switch
    {
        0 => "",
        1 => Marker,
        2 => "0\r\n\r\n" + Marker,
        3 => new string('b', (int)_random.Below(_random.Chance(1, 20) ? 9000u : 300u)),
        _ => "hello",
    };

    private void Spoil()
    {
        for (uint count = 1 + _random.Below(2); count > 0 && _text.Length > 0; count--)
        {
            int at = (int)_random.Below((uint)_text.Length);
            switch (_random.Below(4))
            {
                case 0:
                    _text[at] = (char)_random.Below(256);
                    break;
                case 1:
                    _ = _text.Remove(at, (int)Math.Min(1 + _random.Below(3), (uint)(_text.Length - at)));
                    break;
                case 2:
                    string part = _text.ToString(at, (int)Math.Min(_random.Below(40), (uint)(_text.Length - at)));
                    _ = _text.Insert((int)_random.Below((uint)_text.Length), part);
                    break;
                default:
                    _ = _text.Insert(at, Pick(s_octets));
                    break;
            }
        }
    }

    private string Pick(string[] choices) => choices[_random.Below((uint)choices.Length)];
}
