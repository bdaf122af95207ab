using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>The test classes that share guests.</summary>
[CollectionDefinition(Name)]
public sealed class SharedGuestsCollection : ICollectionFixture<SharedGuests>
{
    public const string Name = "shared guests";
}
