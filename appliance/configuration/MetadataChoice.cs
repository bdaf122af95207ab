namespace Memcachier.Configuration;

/// <summary>Whose metadata service is asked for user data: the choices of the setting, in its order.</summary>
public enum MetadataChoice : byte
{
    /// <summary>That of the cloud the machine says it is in; none if it says nothing of the kind.</summary>
    Auto,
    Off,

    /// <summary>Amazon's, by version 2 of its protocol.</summary>
    Ec2,
    OpenStack,

    /// <summary>Google's.</summary>
    Gce,
}
