using System;
using System.Text;
using Memcachier.Management.Assets;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class AssetTests
{
    // It lies in the image's memory; docs/dashboard.md tells how much.
    private const int PageSizeMax = 54 * 1024;

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/dashboard.css", "text/css; charset=utf-8")]
    [InlineData("/dashboard.js", "text/javascript; charset=utf-8")]
    [InlineData("/openapi.yaml", "application/yaml")]
    public void A_file_is_served_as_it_is(string path, string mediaType)
    {
        byte[] content = EmbeddedAssets.Content(EmbeddedAssets.Find(Encoding.ASCII.GetBytes(path))).ToArray();
        Assert.NotEmpty(content);
        var world = new ApiWorld();
        ApiAnswer answer = world.Request("GET " + path);
        Assert.Equal((200, mediaType, "no-cache"), (answer.Status, answer.Field("Content-Type"), answer.Field("Cache-Control")));
        Assert.Equal(Encoding.Latin1.GetString(content), answer.Body);

        ApiAnswer head = world.Request("HEAD " + path);
        Assert.Equal((200, ""), (head.Status, head.Body));
        Assert.Equal($"{content.Length}", head.Field("Content-Length"));

        string tag = answer.Field("ETag");
        Assert.Equal(18, tag.Length);
        ApiAnswer again = world.Request("GET " + path, $"If-None-Match: {tag}\r\n");
        Assert.Equal((304, "", tag), (again.Status, again.Body, again.Field("ETag")));
        Assert.Equal(200, world.Request("GET " + path, "If-None-Match: \"0123456789abcdef\"\r\n").Status);
    }

    [Fact]
    public void The_page_is_small()
    {
        int size = 0;
        for (int i = 0; EmbeddedAssets.Path(i).Length > 0; i++)
        {
            if (!EmbeddedAssets.Path(i).EndsWith(".yaml"u8)) size += EmbeddedAssets.Content(i).Length;
        }
        Assert.InRange(size, 10 * 1024, PageSizeMax);
    }

    [Fact]
    public void The_page_may_ask_nobody_else()
    {
        string policy = new ApiWorld().Request("GET /").Field("Content-Security-Policy");
        Assert.StartsWith("default-src 'none'; script-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }
}
