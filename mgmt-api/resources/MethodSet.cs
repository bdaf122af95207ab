using System;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>Methods that a resource answers; OPTIONS always is one.</summary>
[Flags]
public enum MethodSet : byte
{
    None = 0,
    Get = 1 << HttpMethod.Get,
    Head = 1 << HttpMethod.Head,
    Post = 1 << HttpMethod.Post,
    Put = 1 << HttpMethod.Put,
    Patch = 1 << HttpMethod.Patch,
    Delete = 1 << HttpMethod.Delete,
    Options = 1 << HttpMethod.Options,

    /// <summary>What is only read.</summary>
    Read = Get | Head,
}
