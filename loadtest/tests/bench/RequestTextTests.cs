using System.Text;
using Memcachier.Bench.Instructions;
using Xunit;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class RequestTextTests
{
    private readonly RequestText _text = new(valueSize: 4);

    [Fact]
    public void A_set_is_stored()
    {
        _text.Set(17);
        Assert.Equal("set key:0000000000000000000000000017 0 0 4\r\nabcd\r\n", Encoding.ASCII.GetString(_text.Request));
        Assert.Equal("STORED\r\n", Encoding.ASCII.GetString(_text.Answer));
    }

    [Fact]
    public void A_get_finds_all_its_keys()
    {
        _text.Get([1, 2]);
        Assert.Equal(
            "get key:0000000000000000000000000001 key:0000000000000000000000000002\r\n",
            Encoding.ASCII.GetString(_text.Request));
        Assert.Equal(
            "VALUE key:0000000000000000000000000001 0 4\r\nabcd\r\n"
            + "VALUE key:0000000000000000000000000002 0 4\r\nabcd\r\nEND\r\n",
            Encoding.ASCII.GetString(_text.Answer));
    }
}
