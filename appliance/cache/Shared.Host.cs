using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Memcachier.Cache;

/// <summary>
/// Where one reactor sees what another does, or does what another sees. A test stops there and lets the others go on.
/// </summary>
internal static class Shared
{
    private static ISharedObserver? s_observer;

    /// <summary>Who is told of each step; null for nobody.</summary>
    public static ISharedObserver? Observer
    {
        get => Volatile.Read(ref s_observer);
        set => Volatile.Write(ref s_observer, value);
    }

    /// <summary>Before the next access.</summary>
    public static void Step() => s_observer?.Step();

    /// <summary>Another reactor has to go on first.</summary>
    public static void Wait()
    {
        if (s_observer is { } observer) observer.Wait();
        else X86Base.Pause();
    }
}

internal interface ISharedObserver
{
    void Step();

    void Wait();
}
