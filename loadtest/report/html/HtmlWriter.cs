using System;
using System.Globalization;
using System.IO;
using System.Net;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>Writes HTML. What fills the gaps of an interpolated string is text and is escaped, but for <see cref="Markup"/>.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>A line of markup.</summary>
    public void Line(FormattableString markup)
    {
        output.Write(Of(markup).Text);
        output.Write('\n');
    }

    /// <summary>As <see cref="Line"/>, to be put into another.</summary>
    public static Markup Of(FormattableString markup) => new(markup.ToString(Escaping.Instance));

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static readonly Escaping Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Markup markup => markup.Text,
            IFormattable number => WebUtility.HtmlEncode(number.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}
