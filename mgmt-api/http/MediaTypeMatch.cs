using System;

namespace Memcachier.Management.Http;

/// <summary>How well one media type fits the ranges of Accept fields: the most specific range decides.</summary>
internal ref struct MediaTypeMatch
{
    private const int QualityMax = 1000;

    private readonly ReadOnlySpan<byte> _type;
    private readonly ReadOnlySpan<byte> _parameters;
    private int _specificity = -1;
    private int _quality;
    private bool _hasField;

    public MediaTypeMatch(ReadOnlySpan<byte> mediaType)
    {
        _type = HeadOf(mediaType, out _parameters);
        _quality = 0;
        _hasField = false;
    }

    /// <summary>From 0 to 1000.</summary>
    public readonly int Quality => _hasField ? _quality : QualityMax;

    /// <summary>Looks at the value of an Accept field. What is no media range is passed over.</summary>
    public void Consider(ReadOnlySpan<byte> accept)
    {
        while (Ascii.TryNextElement(ref accept, out ReadOnlySpan<byte> range))
        {
            if (range.Length == 0) continue;
            _hasField = true;
            ReadOnlySpan<byte> type = HeadOf(range, out ReadOnlySpan<byte> parameters);
            int specificity = SpecificityOf(type);
            if (specificity < 0) continue;
            if (!TryParameters(parameters, ref specificity, out int quality)) continue;
            if (specificity < _specificity) continue;
            // Of two that are alike the more generous one counts, so that their order does not.
            _quality = specificity == _specificity ? Math.Max(_quality, quality) : quality;
            _specificity = specificity;
        }
    }

    /// <summary>0 for */*, 10 for type/*, 20 for the type itself, or -1.</summary>
    private readonly int SpecificityOf(ReadOnlySpan<byte> range)
    {
        if (range.SequenceEqual("*/*"u8)) return 0;
        if (Ascii.EqualsIgnoreCase(range, _type)) return 20;
        int slash = _type.IndexOf((byte)'/');
        if (!range.EndsWith("/*"u8) || range.Length != slash + 2) return -1;
        return Ascii.StartsWithIgnoreCase(_type, range.Slice(0, slash + 1)) ? 10 : -1;
    }

    /// <summary>Fails if one of them excludes the type, or q is malformed. Each that fits makes it more specific.</summary>
    private readonly bool TryParameters(ReadOnlySpan<byte> parameters, ref int specificity, out int quality)
    {
        quality = QualityMax;
        while (parameters.Length > 0)
        {
            ReadOnlySpan<byte> parameter = HeadOf(parameters, out parameters);
            int equals = parameter.IndexOf((byte)'=');
            if (equals < 0) continue;
            ReadOnlySpan<byte> name = Ascii.Trim(parameter.Slice(0, equals));
            ReadOnlySpan<byte> value = Ascii.Trim(parameter.Slice(equals + 1));
            // What comes behind q is not about the media type.
            if (Ascii.EqualsIgnoreCase(name, "q"u8)) return TryQuality(value, out quality);
            if (!TryOwn(name, out ReadOnlySpan<byte> own)) continue;
            if (!Ascii.EqualsIgnoreCase(WithoutQuotes(value), own)) return false;
            specificity++;
        }
        return true;
    }

    private readonly bool TryOwn(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        ReadOnlySpan<byte> parameters = _parameters;
        while (parameters.Length > 0)
        {
            ReadOnlySpan<byte> parameter = HeadOf(parameters, out parameters);
            int equals = parameter.IndexOf((byte)'=');
            if (equals < 0 || !Ascii.EqualsIgnoreCase(Ascii.Trim(parameter.Slice(0, equals)), name)) continue;
            value = WithoutQuotes(Ascii.Trim(parameter.Slice(equals + 1)));
            return true;
        }
        return false;
    }

    /// <summary>0 or 1 with at most three decimals (RFC 9110 §12.4.2).</summary>
    private static bool TryQuality(ReadOnlySpan<byte> text, out int quality)
    {
        quality = 0;
        if (text.Length is 0 or > 5) return false;
        if (text[0] is not ((byte)'0' or (byte)'1')) return false;
        if (text.Length > 1 && text[1] != '.') return false;
        quality = (text[0] - '0') * QualityMax;
        int weight = QualityMax / 10;
        for (int i = 2; i < text.Length; i++)
        {
            if (!Ascii.IsDigit(text[i])) return false;
            quality += (text[i] - '0') * weight;
            weight /= 10;
        }
        return quality <= QualityMax;
    }

    private static ReadOnlySpan<byte> WithoutQuotes(ReadOnlySpan<byte> text) =>
        text.Length >= 2 && text[0] == '"' && text[text.Length - 1] == '"' ? text.Slice(1, text.Length - 2) : text;

    private static ReadOnlySpan<byte> HeadOf(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        int semicolon = text.IndexOf((byte)';');
        rest = semicolon < 0 ? default : text.Slice(semicolon + 1);
        return Ascii.Trim(semicolon < 0 ? text : text.Slice(0, semicolon));
    }
}
