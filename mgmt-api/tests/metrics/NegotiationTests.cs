using System.Text;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData("nothing", "", MetricsFormat.Text)]
    [InlineData("anything", "*/*", MetricsFormat.Text)]
    [InlineData("a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", MetricsFormat.Text)]
    [InlineData("the text format", "text/plain;version=0.0.4", MetricsFormat.Text)]
    [InlineData("OpenMetrics", "application/openmetrics-text", MetricsFormat.OpenMetrics)]
    [InlineData("its version", "application/openmetrics-text; version=1.0.0; charset=utf-8", MetricsFormat.OpenMetrics)]
    [InlineData("in quotation marks", "application/openmetrics-text; version=\"1.0.0\"", MetricsFormat.OpenMetrics)]
    [InlineData("another version", "application/openmetrics-text; version=0.0.1", MetricsFormat.Text)]
    [InlineData("in capitals", "APPLICATION/OpenMetrics-Text;VERSION=1.0.0", MetricsFormat.OpenMetrics)]
    [InlineData("refused", "application/openmetrics-text;q=0, */*", MetricsFormat.Text)]
    [InlineData("text preferred", "application/openmetrics-text;q=0.4,text/plain;q=0.5", MetricsFormat.Text)]
    [InlineData("by a thousandth", "application/openmetrics-text;q=0.499,text/plain;q=0.5", MetricsFormat.Text)]
    [InlineData("not preferred", "application/openmetrics-text;q=0.5,text/plain;q=0.5", MetricsFormat.OpenMetrics)]
    [InlineData("anything preferred", "application/openmetrics-text;q=0.1,*/*", MetricsFormat.OpenMetrics)]
    [InlineData("a weight that is none", "application/openmetrics-text;q=x.y", MetricsFormat.Text)]
    [InlineData("no weight", "application/openmetrics-text;q=", MetricsFormat.Text)]
    [InlineData("a comma in quotation marks", "a/b;c=\"x,application/openmetrics-text\"", MetricsFormat.Text)]
    [InlineData("empty elements", " , ,;, application/openmetrics-text ;, ", MetricsFormat.OpenMetrics)]
    [InlineData("Prometheus 2.42",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", MetricsFormat.OpenMetrics)]
    [InlineData("Prometheus 3",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
        "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4," +
        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", MetricsFormat.OpenMetrics)]
    public void An_accept_field_names_a_format(string name, string accept, MetricsFormat format) =>
        Assert.True(MetricsNegotiation.FormatFor(Encoding.ASCII.GetBytes(accept)) == format, name);
}
