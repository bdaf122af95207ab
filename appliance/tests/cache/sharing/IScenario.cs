using System;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>What an owner and a reader do at the same time, and what they must see. Disposed after one run.</summary>
internal interface IScenario : IDisposable
{
    void Own();

    void Read();
}
