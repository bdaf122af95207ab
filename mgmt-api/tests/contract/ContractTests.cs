using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Memcachier.Management.Assets;
using Memcachier.Management.Contract;
using Memcachier.Management.Resources;
using Memcachier.Management.Tests.Resources;
using Xunit;

namespace Memcachier.Management.Tests.Contract;

/// <summary>The API does what /openapi.yaml says, and nothing else.</summary>
public sealed class ContractTests
{
    private const int LengthMax = 52 << 10;

    private static readonly OpenApiDocument s_document = OpenApiDocument.Parse(Encoding.UTF8.GetString(EmbeddedAssets.Content(EmbeddedAssets.Find("/openapi.yaml"u8))));
    private static readonly ContractRows s_rows = new(ApiWorld.Token);
    private static readonly AnswerCheck s_check = new(s_document);

    public static TheoryData<string> Operations => [.. s_document.Operations.Select(operation => operation.Id)];

    public static TheoryData<string, string> Parameters
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (ApiOperation operation in s_document.Operations)
            {
                foreach (ApiParameter parameter in operation.Parameters.Where(one => one.Place == "query")) all.Add(operation.Id, parameter.Name);
            }
            return all;
        }
    }

    [Fact]
    public void Every_status_of_every_operation_is_tried() => Assert.Empty(s_rows.Differences(s_document));

    [Theory]
    [MemberData(nameof(Operations))]
    public void Answers(string operationId)
    {
        ApiOperation operation = s_document.Operations.Single(one => one.Id == operationId);
        IEnumerable<string> problems = s_rows.Rows.Where(row => row.OperationId == operationId).SelectMany(row => Try(operation, row));
        Assert.Empty(problems);
    }

    [Fact]
    public void Other_methods()
    {
        IEnumerable<string> problems = s_rows.Methods(s_document).SelectMany(row =>
            s_check.Problems(row, ContractWorld.Ask(new ApiWorld(), row.Request)).Select(problem => $"{row.Name}: {problem}"));
        Assert.Empty(problems);
    }

    /// <summary>What may be in a query: the least and the most of it are taken, and nothing beyond.</summary>
    [Theory]
    [MemberData(nameof(Parameters))]
    public void Ranges(string operationId, string name)
    {
        ApiOperation operation = s_document.Operations.Single(one => one.Id == operationId);
        JsonObject schema = operation.Parameters.Single(parameter => parameter.Name == name).Schema;
        (string[] good, string[] bad) = Values(schema);
        Assert.All(good, value => Assert.NotEqual(400, StatusOf(operation, $"{name}={value}")));
        Assert.All(bad, value => Assert.Equal(400, StatusOf(operation, $"{name}={value}")));
    }

    [Fact]
    public void What_may_need_the_token_does_not_always()
    {
        foreach (ApiOperation operation in s_document.Operations.Where(one => one.Token == TokenNeed.Perhaps))
        {
            string request = s_rows.Rows.First(row => row.OperationId == operation.Id && row.Status == 401).Request;
            Assert.NotEqual(401, ContractWorld.Ask(new ApiWorld(), request).Status);
        }
    }

    /// <summary>RFC 9110 §15.4.5: an answer of 304 has the fields of that of 200.</summary>
    [Fact]
    public void What_is_not_modified_has_the_same_fields()
    {
        foreach (ContractRow known in s_rows.Rows.Where(row => row.Status == 304))
        {
            HttpAnswer good = ContractWorld.Ask(s_rows.Rows.First(row => row.OperationId == known.OperationId && row.Status == 200));
            HttpAnswer notModified = ContractWorld.Ask(known);
            foreach (string name in new[] { "ETag", "Cache-Control", "Vary" })
                Assert.Equal((known.Name, good.Fields.GetValueOrDefault(name)), (known.Name, notModified.Fields.GetValueOrDefault(name)));
        }
    }

    /// <summary>Every resource has a path, and every path a resource of its own, but for tables and files.</summary>
    [Fact]
    public void Paths_are_routes()
    {
        IEnumerable<string> paths = s_document.Operations.Select(operation => operation.Path).Distinct();
        Dictionary<string, ApiRoute> routes = paths.ToDictionary(path => path, RouteOf);
        Assert.Equal(
            Enum.GetValues<ApiRoute>().Where(route => route != ApiRoute.None), routes.Values.Distinct().Order());
        string[] several = [.. routes.GroupBy(path => path.Value).Where(route => route.Count() > 1).Select(route => $"{route.Key}")];
        Assert.Equal([nameof(ApiRoute.Stats), nameof(ApiRoute.Asset)], several);
    }

    [Fact]
    public void Docs_api_has_the_same_operations()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"));
        Assert.Equal(
            s_document.Operations.Select(DocsTable.LineOf).Order(StringComparer.Ordinal),
            DocsTable.Read(page).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_has_the_version_of_the_program_and_is_not_long()
    {
        Assert.Equal(typeof(ManagementApi).Assembly.GetName().Version!.ToString(3), s_document.Version);
        Assert.InRange(EmbeddedAssets.Content(EmbeddedAssets.Find("/openapi.yaml"u8)).Length, 1, LengthMax);
    }

    [Theory]
    [InlineData("as it is", """{"type":"about:blank","title":"Not Found","status":404,"detail":"x"}""", true)]
    [InlineData("a member too many", """{"type":"about:blank","title":"Not Found","status":404,"detail":"x","more":1}""", false)]
    [InlineData("a member too few", """{"type":"about:blank","title":"Not Found","status":404}""", false)]
    [InlineData("another type", """{"type":"about:blank","title":"Not Found","status":"404","detail":"x"}""", false)]
    public void A_schema_is_strict(string name, string json, bool isGood)
    {
        using JsonDocument value = JsonDocument.Parse(json);
        var schema = new JsonObject { ["$ref"] = "#/components/schemas/Problem" };
        Assert.Equal((name, isGood), (name, s_document.Schemas.Check(schema, value.RootElement).Count == 0));
    }

    /// <summary>An object whose members are listed has no others.</summary>
    [Fact]
    public void Every_object_is_closed()
    {
        var open = new List<string>();
        FindOpen(YamlReader.Read(Encoding.UTF8.GetString(EmbeddedAssets.Content(EmbeddedAssets.Find("/openapi.yaml"u8))))["components"]!["schemas"]!, "", open);
        Assert.Empty(open);
    }

    private static IEnumerable<string> Try(ApiOperation operation, ContractRow row)
    {
        HttpAnswer answer = ContractWorld.Ask(row);
        if (answer.Status != row.Status) return [$"{row.Name}: {answer.Status}: {answer.Body}"];
        return s_check.Problems(operation, answer, row.IsHead).Select(problem => $"{row.Name}: {problem}");
    }

    private static int StatusOf(ApiOperation operation, string query)
    {
        string request = s_rows.Rows.First(row => row.OperationId == operation.Id && row.Status < 300).Request;
        string[] line = request[..request.IndexOf("\r\n", StringComparison.Ordinal)].Split(' ');
        string target = line[1].Split('?')[0];
        string asked = $"{line[0]} {target}?{query} {line[2]}{request[request.IndexOf("\r\n", StringComparison.Ordinal)..]}";
        return ContractWorld.Ask(new ApiWorld(), asked).Status;
    }

    private static (string[] Good, string[] Bad) Values(JsonObject schema)
    {
        if (schema["format"]?.GetValue<string>() == "ipv4") return (["192.0.2.1"], ["", "192.0.2", "192.0.2.256", "x"]);
        if (schema["enum"] is JsonArray values) return ([.. values.Select(value => value!.GetValue<string>())], ["", "x"]);
        Assert.Equal("integer", schema["type"]!.GetValue<string>());
        var least = (long)schema["minimum"]!.GetValue<decimal>();
        var most = (long)schema["maximum"]!.GetValue<decimal>();
        return ([$"{least}", $"{most}"], ["", "x", $"{least - 1}", $"{most + 1}", $"{most}.0"]);
    }

    private static ApiRoute RouteOf(string path) => ApiRoutes.Find(Encoding.ASCII.GetBytes(path.Replace('{', '-').Replace('}', '-')), out _);

    private static void FindOpen(JsonNode? node, string place, List<string> open)
    {
        if (node is JsonArray array)
        {
            for (int i = 0; i < array.Count; i++) FindOpen(array[i], $"{place}/{i}", open);
        }
        if (node is not JsonObject schema) return;
        bool isObject = schema["properties"] is JsonObject && schema["$ref"] == null;
        if (isObject && (schema["additionalProperties"] is not JsonValue closed || closed.GetValue<bool>())) open.Add(place);
        if (isObject && schema["required"] is not JsonArray) open.Add(place + ": nothing is required");
        foreach ((string name, JsonNode? child) in schema) FindOpen(child, $"{place}/{name}", open);
    }
}
