namespace Memcachier.Management.Http;

/// <summary>What to do with a connection that begins.</summary>
public enum HttpAdmission : byte
{
    /// <summary>It has a place that was free.</summary>
    Admitted,

    /// <summary>
    /// It has the place of another one, which is to be aborted; nothing of that one may be told to the server any more.
    /// </summary>
    Replaces,

    /// <summary>All are busy: call <see cref="HttpServer{TSite}.Refuse"/>, send what that wrote, and close.</summary>
    Refused,
}
