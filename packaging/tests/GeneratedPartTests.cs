using Memcachier.Cli.Benching;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class GeneratedPartTests
{
    private const string Begin = "<!-- bench: from here, written by ./memcachier bench --write-docs -->";
    private const string End = "<!-- bench: to here -->";

    [Fact]
    public void Only_what_is_between_the_comments_changes()
    {
        string page = $"# Title\n\n{Begin}\nold\n{End}\n\nrest\n";
        string replaced = GeneratedPart.Replace(page, "new\n");
        Assert.Equal($"# Title\n\n{Begin}\n\nnew\n\n{End}\n\nrest\n", replaced);
        Assert.Equal(replaced, GeneratedPart.Replace(replaced, "new\n"));
    }

    [Theory]
    [InlineData("no comments")]
    [InlineData(End + Begin)]
    public void A_page_without_a_place_for_it_is_an_error(string page)
    {
        string message = Assert.Throws<UserErrorException>(() => GeneratedPart.Replace(page, "x")).Message;
        Assert.Contains("has no lines", message);
    }
}
