using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Storage;
using Xunit;

namespace Memcachier.Kernel.Tests.Storage;

public sealed class NoCloudMetaDataTests
{
    [Theory]
    [InlineData("instance-id: i-1\nlocal-hostname: h\n", "i-1", "h")]
    [InlineData("instance-id: i-1\r\nlocal-hostname: h\r\n", "i-1", "h")]
    [InlineData("local-hostname: h", "", "h")]
    [InlineData("", "", "")]
    [InlineData("\n\n# local-hostname: no\nlocal-hostname:   h   # yes\n", "", "h")]
    [InlineData("local-hostname: \"h\"\ninstance-id: 'i: 1'\n", "i: 1", "h")]
    [InlineData("local-hostname:h\n", "", "h")]
    [InlineData("local-hostname:\n", "", "")]
    [InlineData("local-hostname: a\nlocal-hostname: b\n", "", "b")]
    [InlineData("local-hostname: a,b\n", "", "a,b")]
    [InlineData("tags:\n  local-hostname: no\n\tinstance-id: no\n", "", "")]
    [InlineData("x-local-hostname: no\nlocal-hostname-2: no\n", "", "")]
    [InlineData("{\n\"instance-id\": \"i-1\",\n\"local-hostname\": \"h\"\n}\n", "i-1", "h")]
    [InlineData("{\"instance-id\":\"i-1\",\"local-hostname\":\"h\"}", "i-1", "h")]
    [InlineData("  {local-hostname: h}", "", "h")]
    [InlineData("local-hostname: \"h\n", "", "")]
    [InlineData("\uFEFFlocal-hostname: h", "", "")]
    public void What_people_and_tools_write_is_understood(string text, string instanceId, string localHostname)
    {
        NoCloudMetaData metaData = NoCloudMetaData.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal(instanceId, Encoding.UTF8.GetString(metaData.InstanceId));
        Assert.Equal(localHostname, Encoding.UTF8.GetString(metaData.LocalHostname));
    }

    [Fact]
    public void Every_prefix_and_any_bytes_are_read_without_a_fault()
    {
        byte[] text = "{\"instance-id\": 'i', # x\nlocal-hostname: \"h\"}"u8.ToArray();
        for (int length = 0; length <= text.Length; length++) _ = NoCloudMetaData.Parse(text[..length]);
        byte[] alphabet = "instance-id:local-hostname:{}\"'#, \n\r\t\0\u00ff"u8.ToArray();
        var random = new Prng(3);
        byte[] any = new byte[40];
        for (int round = 0; round < 50_000; round++)
        {
            for (int i = 0; i < any.Length; i++) any[i] = alphabet[random.Below((uint)alphabet.Length)];
            NoCloudMetaData metaData = NoCloudMetaData.Parse(any);
            Assert.InRange(metaData.InstanceId.Length + metaData.LocalHostname.Length, 0, any.Length);
        }
    }
}
