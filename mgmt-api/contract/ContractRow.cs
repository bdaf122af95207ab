namespace Memcachier.Management.Contract;

/// <summary>A request, and how it is answered.</summary>
/// <param name="Name">The operation, the status and what is special about it.</param>
/// <param name="Request">All of it, a letter a byte. The connection closes after the answer.</param>
/// <param name="IsHead">It is the operation's request with HEAD in place of GET.</param>
public sealed record ContractRow(
    string Name, string OperationId, int Status, Situation Situation, string Request, bool IsHead = false);
