using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memcachier.Management.Contract;

/// <summary>Whether an answer is one that the document promises: its status, fields, media type and body.</summary>
public sealed class AnswerCheck
{
    private const string ProblemType = "application/problem+json";

    // What every answer has (docs/http.md), and what HTTP needs.
    private static readonly string[] s_everywhere =
    [
        "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "Cache-Control",
        "Content-Security-Policy", "Date",
    ];

    private static readonly string[] s_framing = ["Content-Type", "Content-Length", "Transfer-Encoding", "Connection"];

    private readonly OpenApiDocument _document;

    public AnswerCheck(OpenApiDocument document) => _document = document;

    /// <summary>What is wrong with an operation's answer.</summary>
    /// <param name="isHead">It answers the HEAD of the operation, which is a GET.</param>
    public IReadOnlyList<string> Problems(ApiOperation operation, HttpAnswer answer, bool isHead = false)
    {
        JsonObject? response = operation.ResponseFor(answer.Status);
        if (response == null) return [$"{answer.Status} is not documented: {answer.Body}"];
        return [.. FieldProblems(response, answer), .. ContentProblems(response, answer, isHead)];
    }

    /// <summary>What is wrong with the answer to a method that a path does not have, or to OPTIONS.</summary>
    public IReadOnlyList<string> Problems(MethodRow row, HttpAnswer answer)
    {
        if (answer.Fields.GetValueOrDefault("Allow") != row.Allowed) return [$"Allow: {answer.Fields.GetValueOrDefault("Allow")}"];
        if (answer.Status != row.Status) return [$"{answer.Status}: {answer.Body}"];
        if (row.Status == 204 || row.IsHead) return answer.Body.Length > 0 ? ["there is content"] : [];
        if (answer.Fields.GetValueOrDefault("Content-Type") != ProblemType) return [$"no problem details: {answer.Body}"];
        return BodyProblems(new JsonObject { ["$ref"] = "#/components/schemas/Problem" }, ProblemType, answer);
    }

    private IEnumerable<string> FieldProblems(JsonObject response, HttpAnswer answer)
    {
        JsonObject headers = response["headers"]?.AsObject() ?? [];
        foreach (string name in s_everywhere.Where(name => !answer.Fields.ContainsKey(name))) yield return $"no field {name}";
        foreach ((string name, JsonNode? node) in headers)
        {
            JsonObject header = _document.Follow(node!);
            if (!answer.Fields.TryGetValue(name, out string? value))
            {
                if (header["required"]?.GetValue<bool>() == true) yield return $"no field {name}";
                continue;
            }
            using JsonDocument json = JsonDocument.Parse(IsNumber(header) ? value : JsonSerializer.Serialize(value));
            foreach (string problem in _document.Schemas.Check(header["schema"]!, json.RootElement)) yield return $"{name}: {problem}";
        }
        IEnumerable<string> known = [.. s_everywhere, .. s_framing, .. headers.Select(header => header.Key)];
        foreach (string name in answer.Fields.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
            yield return $"the field {name} is not documented";
    }

    private static bool IsNumber(JsonObject header) => header["schema"]!["type"]!.GetValue<string>() == "integer";

    private IReadOnlyList<string> ContentProblems(JsonObject response, HttpAnswer answer, bool isHead)
    {
        string type = answer.Fields.GetValueOrDefault("Content-Type", "");
        if (response["content"] is not JsonObject content)
        {
            if (type.Length > 0) return [$"the media type {type} is not documented"];
            return answer.Body.Length > 0 ? ["content is not documented"] : [];
        }
        if (content[type] is not JsonObject documented) return [$"the media type \"{type}\" is not documented"];
        if (isHead) return answer.Body.Length > 0 ? ["HEAD has content"] : [];
        return BodyProblems(documented["schema"], type, answer);
    }

    private IReadOnlyList<string> BodyProblems(JsonNode? schema, string type, HttpAnswer answer)
    {
        if (answer.Body.Length == 0) return ["no content"];
        if (!type.EndsWith("json", StringComparison.Ordinal)) return [];
        using JsonDocument json = JsonDocument.Parse(Encoding.Latin1.GetBytes(answer.Body), new JsonDocumentOptions { AllowDuplicateProperties = false });
        IReadOnlyList<string> problems = _document.Schemas.Check(schema!, json.RootElement);
        if (problems.Count > 0 || type != ProblemType) return problems;
        bool isSame = json.RootElement.GetProperty("status").GetInt32() == answer.Status
            && json.RootElement.GetProperty("title").GetString() == answer.Reason;
        return isSame ? [] : [$"{answer.Status} {answer.Reason} with {answer.Body}"];
    }
}
