using System;
using System.Text;
using Memcachier.Management.Assets.Build;
using Xunit;

namespace Memcachier.Management.Tests.Assets;

public sealed class AssetSourceTests
{
    [Fact]
    public void A_file_is_a_literal_a_tag_and_a_media_type_at_a_path()
    {
        byte[] content = Encoding.UTF8.GetBytes("a \"b\" \\c\tü\u2028😀\n");
        string source = AssetSource.Write([("/one.js", content), ("/", [65])]);
        Assert.Contains("        if (path.SequenceEqual(\"/one.js\"u8)) return 0;\n", source, StringComparison.Ordinal);
        Assert.Contains("        if (path.SequenceEqual(\"/\"u8)) return 1;\n", source, StringComparison.Ordinal);
        Assert.Contains(
            "        0 => \"a \\\"b\\\" \\\\c\\u0009\\u00fc\\u2028\\ud83d\\ude00\\u000a\"u8,\n", source, StringComparison.Ordinal);
        Assert.Contains("        0 => \"\\\"3f631a61b0fee5c3\\\"\"u8,\n", source, StringComparison.Ordinal);
        Assert.Contains("        0 => \"text/javascript; charset=utf-8\"u8,\n        1 => \"text/html; charset=utf-8\"u8,\n", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_has_another_tag() =>
        Assert.NotEqual(AssetSource.Write([("/a.js", [65])]), AssetSource.Write([("/a.js", [66])]));

    [Fact]
    public void What_is_not_text_is_refused() =>
        _ = Assert.Throws<DecoderFallbackException>(() => AssetSource.Write([("/a.js", [0xFF])]));

    [Fact]
    public void What_nobody_knows_is_refused() =>
        _ = Assert.Throws<ArgumentException>(() => AssetSource.Write([("/a.exe", [65])]));

    [Theory]
    [InlineData("indentation", "a.js", "if (x) {\n  y();\n}\n", "if (x) {\ny();\n}\n")]
    [InlineData("a comment alone", "a.js", "// why\nx();\n  // how\n", "x();\n")]
    [InlineData("a comment behind code", "a.js", "x(); // why\n", "x(); // why\n")]
    [InlineData("a comment of one line", "a.js", "/** Why. */\nx();\n", "x();\n")]
    [InlineData("a comment of lines", "a.js", "/**\n * Why.\n *\n */\nx();\n", "x();\n")]
    [InlineData("a selector of all", "a.css", "/* why */\n* { margin: 0 }\n", "* { margin: 0 }\n")]
    [InlineData("a style has no comments of the other kind", "a.css", "// x\n", "// x\n")]
    [InlineData("text", "a.html", "<p>\n  // a\n\n</p>\n", "<p>\n// a\n</p>\n")]
    [InlineData("what is indented for good", "a.yaml", "a:\n  - b\n# c\n", "a:\n  - b\n# c\n")]
    public void What_only_readers_of_the_source_need_is_left_out(string name, string file, string content, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, Encoding.UTF8.GetString(AssetText.Shorten(file, Encoding.UTF8.GetBytes(content))));
    }
}
