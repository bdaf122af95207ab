using System.Text.Json.Nodes;

namespace Memcachier.Management.Contract;

/// <summary>A parameter as the document has it.</summary>
/// <param name="Place">path or query.</param>
public sealed record ApiParameter(string Name, string Place, JsonObject Schema);
