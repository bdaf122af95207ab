using System;
using System.Net;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// A shared guest for the length of a test; what it prints meanwhile becomes part of the test's output.
/// </summary>
internal sealed class GuestLease : IDisposable
{
    private readonly Guest _guest;
    private readonly ITestOutputHelper _output;
    private readonly int _start;

    public GuestLease(Guest guest, ITestOutputHelper output)
    {
        _guest = guest;
        _output = output;
        _start = guest.Console.Length;
    }

    public IPEndPoint EndPoint => _guest.EndPoint;

    public string Console => _guest.Console;

    public void Dispose()
    {
        if (Console.Length > _start)
            _output.WriteLine(Console[_start..]);
        if (_guest.HasEnded)
            _output.WriteLine("the guest has ended");
    }
}
