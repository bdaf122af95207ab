using System;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>The one that is compared with the model.</summary>
internal abstract class Subject : IDisposable
{
    /// <summary>Items that were copied to stay when the memory around them was reclaimed.</summary>
    public virtual long ItemsCompacted => 0;

    /// <summary>The answer to all these requests, valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Ask(ReadOnlySpan<byte> requests);

    public abstract void Sleep(int seconds);

    /// <summary>What is wrong after every key was asked for, if anything is.</summary>
    public virtual string? Complaint(StoreModel model) => null;

    public abstract void Dispose();
}
