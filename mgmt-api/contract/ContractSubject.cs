namespace Memcachier.Management.Contract;

/// <summary>An operation as it is used.</summary>
/// <param name="Line">Method and target of a request that succeeds.</param>
/// <param name="Status">Of its answer.</param>
/// <param name="MediaType">Of its content; empty if it has none.</param>
internal sealed record ContractSubject(
    string OperationId, string Line, int Status, TokenNeed Token, Situation Situation = Situation.Any, string MediaType = "", string Body = "")
{
    public string Method => Line[..Line.IndexOf(' ')];

    public string Target => Line[(Line.IndexOf(' ') + 1)..];

    /// <summary>The target without its parameters.</summary>
    public string Path => Target.Split('?')[0];
}
