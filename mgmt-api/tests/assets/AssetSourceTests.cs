using System;
using System.Text;
using Memcachier.Management.Assets.Build;
using Xunit;

namespace Memcachier.Management.Tests.Assets;

public sealed class AssetSourceTests
{
    [Fact]
    public void A_file_is_a_literal_and_a_tag()
    {
        byte[] content = Encoding.UTF8.GetBytes("a \"b\" \\c\tü\u2028😀\n");
        string source = AssetSource.Write([("One", content)]);
        Assert.Contains(
            "    public static ReadOnlySpan<byte> One => \"a \\\"b\\\" \\\\c\\u0009\\u00fc\\u2028\\ud83d\\ude00\\u000a\"u8;\n", source, StringComparison.Ordinal);
        Assert.Contains("    public static ReadOnlySpan<byte> OneTag => \"\\\"3f631a61b0fee5c3\\\"\"u8;\n", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_has_another_tag() =>
        Assert.NotEqual(AssetSource.Write([("One", [65])]), AssetSource.Write([("One", [66])]));

    [Fact]
    public void What_is_not_text_is_refused() =>
        _ = Assert.Throws<DecoderFallbackException>(() => AssetSource.Write([("One", [0xFF])]));
}
