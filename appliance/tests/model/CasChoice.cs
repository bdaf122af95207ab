namespace Memcachier.Appliance.Tests.Model;

/// <summary>Which cas unique a meta command compares with.</summary>
internal enum CasChoice
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The one last told of the key, or a wrong one.</summary>
    Seen,

    /// <summary>One less than that.</summary>
    Below,

    /// <summary>One that no server gets to.</summary>
    Wrong,

    Zero,
}
