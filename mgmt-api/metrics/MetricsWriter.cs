using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Metrics;

/// <summary>
/// Writes families of metrics in either format. The room has to be large enough: what is written is of bounded length.
/// </summary>
internal ref struct MetricsWriter
{
    private const long Million = 1_000_000;
    private const long Thousand = 1_000;

    private readonly Span<byte> _room;
    private readonly MetricsFormat _format;
    private ReadOnlySpan<byte> _name;
    private MetricType _type;
    private bool _hasLabel;

    public MetricsWriter(MetricsFormat format, Span<byte> room)
    {
        _format = format;
        _room = room;
        _name = default;
        _type = MetricType.Gauge;
        _hasLabel = false;
        Length = 0;
    }

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>A family of one sample. Like the next ones always true, for the tables of families.</summary>
    public bool Counter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.Counter, name, help, value);

    public bool BareCounter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.BareCounter, name, help, value);

    public bool Gauge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.Gauge, name, help, value);

    /// <summary>A family of one sample with labels.</summary>
    /// <param name="labels">As they are written between the braces.</param>
    public bool Counter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.Counter, name, labels, help, value);

    public bool BareCounter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.BareCounter, name, labels, help, value);

    public bool Gauge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> help, long value) =>
        One(MetricType.Gauge, name, labels, help, value);

    /// <summary>A family of one sample in seconds.</summary>
    public bool CounterSeconds(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long micros) =>
        OneInSeconds(MetricType.Counter, name, help, micros);

    public bool GaugeSeconds(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long micros) =>
        OneInSeconds(MetricType.Gauge, name, help, micros);

    /// <summary>A family of one sample with three decimals.</summary>
    public bool GaugeThousandths(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long thousandths)
    {
        Begin(MetricType.Gauge, name, help);
        BeginSample();
        EndLabels();
        WriteFraction(thousandths, Thousand);
        Write("\n"u8);
        return true;
    }

    /// <summary>All of a histogram whose unit is a second, in the buckets of <see cref="HistogramBounds"/>.</summary>
    public bool Histogram(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, LatencyHistogram histogram)
    {
        Begin(MetricType.Histogram, name, help);
        for (int i = 0; i < HistogramBounds.Count; i++)
        {
            WriteBucket(HistogramBounds.Text(i), histogram.CountBelow(HistogramBounds.Micros(i)));
        }
        WriteBucket("+Inf"u8, histogram.Count);
        Write(name);
        Write("_sum "u8);
        WriteFraction(histogram.SumMicros, Million);
        Write("\n"u8);
        Write(name);
        Write("_count "u8);
        WriteNumber(histogram.Count);
        Write("\n"u8);
        return true;
    }

    /// <summary>The lines in front of a family's samples.</summary>
    /// <param name="type">See there for what the name has to end in.</param>
    /// <param name="name">As Prometheus knows it: a counter's with _total.</param>
    /// <param name="help">A sentence without what either format would escape: quotation mark, backslash, line feed.</param>
    public void Begin(MetricType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> help)
    {
        _name = name;
        _type = type;
        ReadOnlySpan<byte> family = name;
        if (_format == MetricsFormat.OpenMetrics)
        {
            family = name.Slice(0, name.Length - SuffixOf(type).Length);
            WriteDescriptor("TYPE "u8, family, OpenTypeOf(type));
            ReadOnlySpan<byte> unit = UnitOf(family);
            if (unit.Length > 0) WriteDescriptor("UNIT "u8, family, unit);
        }
        Write("# HELP "u8);
        Write(family);
        Write(" "u8);
        Write(help);
        Write("\n"u8);
        if (_format == MetricsFormat.Text) WriteDescriptor("TYPE "u8, family, TextTypeOf(type));
    }

    /// <summary>A sample with labels.</summary>
    /// <param name="labels">As they are written between the braces.</param>
    public void Sample(ReadOnlySpan<byte> labels, long value)
    {
        Write(_name);
        Write("{"u8);
        Write(labels);
        Write("} "u8);
        WriteNumber(value);
        Write("\n"u8);
    }

    /// <summary>Starts a sample; then come <see cref="Label"/>s, if any, and the end of it.</summary>
    public void BeginSample()
    {
        Write(_name);
        _hasLabel = false;
    }

    public void Label(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Write(_hasLabel ? ","u8 : "{"u8);
        _hasLabel = true;
        Write(name);
        Write("=\""u8);
        WriteEscaped(value);
        Write("\""u8);
    }

    public void EndSample(long value)
    {
        EndLabels();
        WriteNumber(value);
        Write("\n"u8);
    }

    /// <summary>The end of an exposition: OpenMetrics has a line for it.</summary>
    public void End()
    {
        if (_format == MetricsFormat.OpenMetrics) Write("# EOF\n"u8);
    }

    private static ReadOnlySpan<byte> SuffixOf(MetricType type) => type switch
    {
        MetricType.Counter => "_total"u8,
        MetricType.Info => "_info"u8,
        _ => ""u8,
    };

    private static ReadOnlySpan<byte> OpenTypeOf(MetricType type) => type switch
    {
        MetricType.Counter => "counter"u8,
        MetricType.Gauge => "gauge"u8,
        MetricType.Histogram => "histogram"u8,
        MetricType.Info => "info"u8,
        _ => "unknown"u8,
    };

    private static ReadOnlySpan<byte> TextTypeOf(MetricType type) => type switch
    {
        MetricType.Gauge or MetricType.Info => "gauge"u8,
        MetricType.Histogram => "histogram"u8,
        _ => "counter"u8,
    };

    /// <summary>OpenMetrics 1.0 §Unit: if there is one, it is what the family's name ends in.</summary>
    private static ReadOnlySpan<byte> UnitOf(ReadOnlySpan<byte> family)
    {
        if (family.EndsWith("_seconds"u8)) return "seconds"u8;
        return family.EndsWith("_bytes"u8) ? "bytes"u8 : default;
    }

    private bool One(MetricType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long value)
    {
        Begin(type, name, help);
        BeginSample();
        EndSample(value);
        return true;
    }

    private bool One(
        MetricType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> help, long value)
    {
        Begin(type, name, help);
        Sample(labels, value);
        return true;
    }

    private bool OneInSeconds(MetricType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, long micros)
    {
        Begin(type, name, help);
        BeginSample();
        EndLabels();
        WriteFraction(micros, Million);
        Write("\n"u8);
        return true;
    }

    private void WriteBucket(ReadOnlySpan<byte> bound, long count)
    {
        Write(_name);
        Write("_bucket{le=\""u8);
        Write(bound);
        Write("\"} "u8);
        WriteNumber(count);
        Write("\n"u8);
    }

    private void WriteDescriptor(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> family, ReadOnlySpan<byte> text)
    {
        Write("# "u8);
        Write(keyword);
        Write(family);
        Write(" "u8);
        Write(text);
        Write("\n"u8);
    }

    private void EndLabels() => Write(_hasLabel ? "} "u8 : " "u8);

    private void WriteNumber(long value)
    {
        if (value < 0 && _type == MetricType.Gauge) Write("-"u8);
        else value = Math.Max(value, 0);
        ulong magnitude = value < 0 ? 0 - (ulong)value : (ulong)value;
        Length += AsciiDecimal.Format(magnitude, _room.Slice(Length));
    }

    /// <summary>A number of 0 or more in units of a power of ten, as a decimal fraction.</summary>
    private void WriteFraction(long value, long scale)
    {
        value = Math.Max(value, 0);
        Length += AsciiDecimal.Format((ulong)(value / scale), _room.Slice(Length));
        // One digit more than the fraction has, to be replaced by the point: it brings the leading zeros.
        int point = Length;
        Length += AsciiDecimal.Format((ulong)(scale + (value % scale)), _room.Slice(Length));
        _room[point] = (byte)'.';
    }

    private void WriteEscaped(scoped ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet is (byte)'\\' or (byte)'\n' or (byte)'"') _room[Length++] = (byte)'\\';
            _room[Length++] = octet == (byte)'\n' ? (byte)'n' : octet;
        }
    }

    private void Write(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_room.Slice(Length));
        Length += text.Length;
    }
}
