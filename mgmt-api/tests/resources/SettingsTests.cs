using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Configuration;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class SettingsTests
{
    private const string Merge = "application/merge-patch+json";

    [Fact]
    public void All_of_them_as_the_list_has_them()
    {
        var world = new ApiWorld();
        ApiAnswer answer = world.Request("GET /api/v1/settings");
        Assert.Equal((200, "application/json"), (answer.Status, answer.Field("Content-Type")));
        JsonElement[] rows = [.. answer.Json.GetProperty("settings").EnumerateArray()];
        Assert.Equal(SettingList.Count, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            Setting setting = SettingList.Get((SettingId)(i + 1));
            string name = Encoding.ASCII.GetString(setting.Name);
            Assert.Equal(name, rows[i].GetProperty("name").GetString());
            Assert.Equal(Encoding.ASCII.GetString(setting.Help), rows[i].GetProperty("help").GetString());
            Assert.Equal(setting.Change == SettingChange.Run ? "run" : "boot", rows[i].GetProperty("change").GetString());
            Assert.Equal(setting.IsSecret, rows[i].GetProperty("is_secret").GetBoolean());
            Assert.Equal(setting.IsSecret, rows[i].TryGetProperty("is_set", out _));
            Assert.Equal(setting.Type is SettingType.Number or SettingType.Size or SettingType.PowerOfTwo, rows[i].TryGetProperty("max", out _));
            Assert.Equal(setting.Type == SettingType.Choice, rows[i].TryGetProperty("choices", out _));
            JsonElement one = world.Request("GET /api/v1/settings/" + name).Json;
            Assert.Equal(rows[i].GetRawText(), one.GetRawText());
        }
    }

    [Theory]
    [InlineData("idle_timeout", "{\"name\":\"idle_timeout\",\"switch\":\"-o\",\"type\":\"number\",\"default\":0,\"source\":\"default\",\"unit\":\"seconds\",\"min\":0,\"max\":2147483647,\"change\":\"run\",\"help\":\"a connection that says nothing for longer is closed; 0 for never\",\"is_secret\":false,\"value\":0}")]
    [InlineData("crash", "{\"name\":\"crash\",\"type\":\"choice\",\"default\":\"halt\",\"source\":\"default\",\"choices\":[\"halt\",\"reboot\"],\"change\":\"run\",\"help\":\"what follows a crash report\",\"is_secret\":false,\"value\":\"halt\"}")]
    [InlineData("disable_flush_all", "{\"name\":\"disable_flush_all\",\"switch\":\"-F\",\"type\":\"flag\",\"default\":false,\"source\":\"default\",\"change\":\"run\",\"help\":\"flush_all is refused\",\"is_secret\":false,\"value\":false}")]
    [InlineData("api.token", "{\"name\":\"api.token\",\"type\":\"token\",\"default\":null,\"default_text\":\"a random one, printed once on the console\",\"source\":\"default\",\"format\":\"16 to 128 visible ASCII characters\",\"change\":\"run\",\"help\":\"what those who change something by the API have to know\",\"is_secret\":true,\"is_set\":false,\"value\":null}")]
    [InlineData("stat_key_prefix", "{\"name\":\"stat_key_prefix\",\"switch\":\"-D\",\"type\":\"character\",\"default\":null,\"default_text\":\"nothing is counted\",\"source\":\"command line\",\"change\":\"boot\",\"help\":\"the keys' prefixes up to this character are counted\",\"is_secret\":false,\"value\":\":\"}")]
    [InlineData("max_item_size", "{\"name\":\"max_item_size\",\"switch\":\"-I\",\"type\":\"size\",\"default\":1048576,\"source\":\"default\",\"unit\":\"bytes\",\"min\":1024,\"max\":1073741824,\"change\":\"boot\",\"help\":\"largest item\",\"is_secret\":false,\"value\":1048576}")]
    public void One_of_them(string name, string expected) =>
        Assert.Equal(expected, new ApiWorld().Request("GET /api/v1/settings/" + name).Body);

    [Theory]
    [InlineData("x")]
    [InlineData("idle-timeout")]
    [InlineData("-F")]
    [InlineData("api")]
    public void No_such_setting(string name) => Assert.Equal(404, new ApiWorld().Request("GET /api/v1/settings/" + name).Status);

    [Fact]
    public void What_is_changed_is_told_with_its_source()
    {
        var world = new ApiWorld();
        ApiAnswer answer = Patch(world, "{\"crash\":\"reboot\",\"idle_timeout\":60,\"api.hosts\":\"a,b.example\"}");
        Assert.Equal(200, answer.Status);
        string told = string.Join(' ', answer.Json.GetProperty("settings").EnumerateArray()
            .Select(row => $"{row.GetProperty("name")}={row.GetProperty("value")}({row.GetProperty("source")})"));
        Assert.Equal("idle_timeout=60(api) crash=reboot(api) api.hosts=a,b.example(api)", told);
        Assert.True(world.Settings.RebootsAfterCrash);
        Assert.Equal(3, world.Api.SettingsChangeCount);
    }

    [Theory]
    [InlineData("idle_timeout", "60", "0")]
    [InlineData("max_reqs_per_event", "7", "250")]
    [InlineData("disable_flush_all", "true", "false")]
    [InlineData("crash", "\"reboot\"", "\"halt\"")]
    [InlineData("memory_limit", "8", "null")]
    [InlineData("api.hosts", "\"a\"", "null")]
    [InlineData("api.metrics", "\"token\"", "\"open\"")]
    [InlineData("cluster", "\"a:1\"", "null")]
    public void Null_is_what_holds_if_nobody_says_anything(string name, string value, string byDefault)
    {
        var world = new ApiWorld(memoryLength: 16 << 20);
        Assert.Equal(200, Patch(world, $"{{\"{name}\":{value}}}").Status);
        Assert.Equal("api", Row(world, name).GetProperty("source").GetString());
        Assert.Equal(200, Patch(world, $"{{\"{name}\":null}}").Status);
        JsonElement row = Row(world, name);
        Assert.Equal((byDefault, "default"), (row.GetProperty("value").GetRawText(), row.GetProperty("source").GetString()));
    }

    [Theory]
    [InlineData("{\"x\":1}", "x", "There is no such setting.")]
    [InlineData("{\"x\":{\"idle_timeout\":1}}", "x", "There is no such setting.")]
    [InlineData("{\"idle-timeout\":1}", "idle-timeout", "There is no such setting.")]
    [InlineData("{\"port\":1}", "port", "It can be chosen only while booting.")]
    [InlineData("{\"port\":null}", "port", "It can be chosen only while booting.")]
    [InlineData("{\"idle_timeout\":-1}", "idle_timeout", "It has to be a number between 0 and 2147483647 seconds.")]
    [InlineData("{\"idle_timeout\":2147483648}", "idle_timeout", "It has to be a number between 0 and 2147483647 seconds.")]
    [InlineData("{\"idle_timeout\":1.0}", "idle_timeout", "It has to be a number between 0 and 2147483647 seconds.")]
    [InlineData("{\"idle_timeout\":\"60\"}", "idle_timeout", "It has to be a number between 0 and 2147483647 seconds.")]
    [InlineData("{\"idle_timeout\":[60]}", "idle_timeout", "It has to be a number between 0 and 2147483647 seconds.")]
    [InlineData("{\"disable_flush_all\":1}", "disable_flush_all", "It has to be true or false.")]
    [InlineData("{\"disable_flush_all\":\"true\"}", "disable_flush_all", "It has to be true or false.")]
    [InlineData("{\"crash\":\"burn\"}", "crash", "It has to be halt or reboot.")]
    [InlineData("{\"crash\":0}", "crash", "It has to be halt or reboot.")]
    [InlineData("{\"api.token\":\"short\"}", "api.token", "It has to be 16 to 128 visible ASCII characters.")]
    [InlineData("{\"api.token\":null}", "api.token", "There is nothing that it could go back to.")]
    [InlineData("{\"api.hosts\":\"\"}", "api.hosts", "It has to be host names with commas between them, 512 bytes altogether.")]
    [InlineData("{\"cluster\":\"a:0\"}", "cluster", "It has to be nodes HOST:PORT or HOST|IP|PORT with commas between them, 4096 bytes altogether.")]
    [InlineData("{\"memory_limit\":7}", "memory_limit", "It has to be a number between 8 and 16777216 MiB, and not more than the machine has.")]
    [InlineData("{\"memory_limit\":4000}", "memory_limit", "It has to be a number between 8 and 16777216 MiB, and not more than the machine has.")]
    public void What_cannot_be_set_is_named_and_nothing_is_set(string body, string setting, string detail)
    {
        var world = new ApiWorld();
        ApiAnswer answer = Patch(world, "{\"max_reqs_per_event\":7," + body[1..]);
        Assert.Equal((422, "application/problem+json"), (answer.Status, answer.Field("Content-Type")));
        Assert.Equal(422, answer.Json.GetProperty("status").GetInt32());
        JsonElement error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal((setting, detail), (error.GetProperty("setting").GetString(), error.GetProperty("detail").GetString()));
        Assert.Equal(0, world.Api.SettingsChangeCount);
        Assert.Equal(250, world.Context.Settings.RequestsPerTurn);
    }

    [Fact]
    public void Each_error_is_named_as_long_as_there_is_room()
    {
        JsonElement problem = Patch(new ApiWorld(), "{\"port\":1,\"x\":2,\"crash\":3}").Json;
        Assert.Equal("port x crash", string.Join(' ', problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("setting"))));
        Assert.False(problem.TryGetProperty("omitted_errors", out _));
        string many = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"unknown-{i}\":{i}"));
        problem = Patch(new ApiWorld(), "{" + many + "}").Json;
        int told = problem.GetProperty("errors").GetArrayLength();
        Assert.InRange(told, 8, 99);
        Assert.Equal(100 - told, problem.GetProperty("omitted_errors").GetInt32());
    }

    [Theory]
    [InlineData("", "The content is not JSON: the text ends in the middle of a value, at offset 0.")]
    [InlineData("{\"crash\":\"halt\"", "The content is not JSON: the text ends in the middle of a value, at offset 15.")]
    [InlineData("{\"crash\":halt}", "The content is not JSON: there should be a value, at offset 9.")]
    [InlineData("{\"port\":1} x", "The content is not JSON: there is something behind the value, at offset 11.")]
    [InlineData("{\"x\":[1,]}", "The content is not JSON: there should be a value, at offset 8.")]
    [InlineData("[]", "The content has to be an object: {\"NAME\":VALUE}.")]
    [InlineData("[{\"crash\":\"reboot\"}]", "The content has to be an object: {\"NAME\":VALUE}.")]
    [InlineData("null", "The content has to be an object: {\"NAME\":VALUE}.")]
    [InlineData("{\"crash\":\"halt\",\"crash\":\"reboot\"}", "The content has crash twice, at offset 16.")]
    [InlineData("{\"crash\":\"halt\",\"cr\\u0061sh\":\"reboot\"}", "The content has crash twice, at offset 16.")]
    public void What_is_no_object_is_refused(string body, string detail)
    {
        var world = new ApiWorld();
        ApiAnswer answer = Patch(world, body);
        Assert.Equal((400, detail), (answer.Status, answer.Json.GetProperty("detail").GetString()));
        Assert.Equal(0, world.Api.SettingsChangeCount);
    }

    [Theory]
    [InlineData("application/merge-patch+json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("Application/JSON", 200)]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("", 415)]
    public void Content_types(string type, int status)
    {
        ApiAnswer answer = Patch(new ApiWorld(), "{}", type);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 415 ? "application/merge-patch+json, application/json" : "", answer.Field("Accept-Patch"));
        if (status == 200) Assert.Equal("{\"settings\":[]}", answer.Body);
    }

    [Theory]
    [InlineData(4096, 200)]
    [InlineData(4097, 413)]
    public void As_long_as_may_be(int length, int status) =>
        Assert.Equal(status, Patch(new ApiWorld(), "{" + new string(' ', length - 2) + "}").Status);

    [Fact]
    public void Without_the_token_nothing_is_looked_at()
    {
        var world = new ApiWorld();
        Assert.Equal(401, world.Request("PATCH /api/v1/settings", "Content-Length: 2\r\n").Status);
        Assert.Equal(400, world.Act("PATCH /api/v1/settings?x=1", $"Content-Type: {Merge}\r\n").Status);
        Assert.Equal(405, world.Act("PATCH /api/v1/settings/crash").Status);
    }

    [Fact]
    public void A_long_list_of_nodes_is_whole()
    {
        var world = new ApiWorld();
        string nodes = string.Join(',', Enumerable.Range(10, 54).Select(i => $"node-{i}.{new string('a', 40)}.example|10.0.0.{i}|11211"));
        Assert.InRange(nodes.Length, 3700, 4050);
        Assert.Equal(200, Patch(world, $"{{\"cluster\":\"{nodes}\"}}").Status);
        Assert.Equal(nodes, Row(world, "cluster").GetProperty("value").GetString());
        JsonElement all = world.Request("GET /api/v1/settings").Json.GetProperty("settings");
        Assert.Equal(SettingList.Count, all.GetArrayLength());
        Assert.Equal(nodes, all.EnumerateArray().Single(row => row.GetProperty("name").GetString() == "cluster").GetProperty("value").GetString());
    }

    [Fact]
    public void A_secret_is_set_and_never_told()
    {
        const string Chosen = "a-token-of-somebody";
        var world = new ApiWorld();
        ApiAnswer answer = Patch(world, $"{{\"api.token\":\"{Chosen}\"}}");
        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain(Chosen, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Chosen, world.Request("GET /api/v1/settings").Body, StringComparison.Ordinal);
        Assert.True(Row(world, "api.token").GetProperty("is_set").GetBoolean());
        // The old one is worth nothing any more, at once.
        Assert.Equal(401, world.Act("POST /api/v1/flush").Status);
        Assert.Equal(204, world.Request("POST /api/v1/flush", $"Authorization: Bearer {Chosen}\r\n").Status);
    }

    [Fact]
    public void Names_and_metrics_at_once()
    {
        var world = new ApiWorld();
        const string New = "GET /metrics HTTP/1.1\r\nHost: other.example\r\n\r\n";
        Assert.Equal(421, world.Ask(New).Status);
        Assert.Equal(200, Patch(world, "{\"api.hosts\":\"other.example\"}").Status);
        Assert.Equal(200, world.Ask(New).Status);
        Assert.Equal(200, Patch(world, "{\"api.metrics\":\"token\"}").Status);
        Assert.Equal(401, world.Ask(New).Status);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var world = new ApiWorld();
        byte[] get = Encoding.ASCII.GetBytes("GET /api/v1/settings HTTP/1.1\r\nHost: localhost\r\n\r\n");
        byte[] patch = Encoding.ASCII.GetBytes(Message("{\"idle_timeout\":60,\"api.hosts\":\"a\",\"cluster\":\"a:1\"}", Merge));
        byte[] bad = Encoding.ASCII.GetBytes(Message("{\"idle_timeout\":-1,\"x\":[{}]}", Merge));
        Assert.Equal(0, world.AllocatedBy(get, patch, bad));
    }

    internal static ApiAnswer Patch(ApiWorld world, string body, string type = Merge) => world.Ask(Message(body, type));

    internal static JsonElement Row(ApiWorld world, string name) => world.Request("GET /api/v1/settings/" + name).Json;

    private static string Message(string body, string type) => string.Create(
        CultureInfo.InvariantCulture,
        $"PATCH /api/v1/settings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ApiWorld.Token}\r\n{(type.Length > 0 ? $"Content-Type: {type}\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}");
}
