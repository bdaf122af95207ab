namespace Memcachier.Management.Http;

/// <summary>How far <see cref="RequestHead.Parse"/> came.</summary>
public enum HeadStatus : byte
{
    NeedMoreData,
    Done,
    Malformed,
}
