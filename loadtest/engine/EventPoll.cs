using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// epoll(7), level-triggered: the sockets of one thread, awaited together, to the nanosecond and without a thread pool
/// in between.
/// </summary>
internal sealed class EventPoll : IDisposable
{
    public const uint In = 1;
    public const uint Out = 4;

    private const int EventCountMax = 256;
    private const int Add = 1;
    private const int Remove = 2;
    private const int Modify = 3;
    private const int InterruptedError = 4; // EINTR
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK, prctl(2)

    // The C libraries have no function for it before glibc 2.35, and musl has none. The number is the same everywhere.
    private const nint PreciseWait = 441; // epoll_pwait2

    // struct epoll_event: a number of 32 bits and one of 64, packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(ulong);

    private readonly byte[] _events = new byte[EventCountMax * EventSize];
    private readonly int _descriptor = Checked(Create(0), "epoll_create1");

    /// <summary>The calling thread is woken when its time has come, not up to 50 µs later.</summary>
    public static void SharpenTimer() => _ = Prctl(SetTimerSlack, 1, 0, 0, 0);

    public void Watch(nint socket, int token, bool alsoOut) => Control(Add, socket, token, alsoOut ? In | Out : In);

    public void Change(nint socket, int token, bool alsoOut) => Control(Modify, socket, token, alsoOut ? In | Out : In);

    public void Forget(nint socket) => Control(Remove, socket, 0, 0);

    /// <summary>Hot. Waits for something to happen; returns how much did.</summary>
    /// <param name="timeoutNanos">0 looks and does not wait.</param>
    public int Wait(long timeoutNanos)
    {
        var timeout = new LoadClock.Timespec
        {
            Seconds = timeoutNanos / 1_000_000_000,
            Nanos = timeoutNanos % 1_000_000_000,
        };
        int count = (int)SystemCall(PreciseWait, _descriptor, ref _events[0], EventCountMax, in timeout, 0, 0);
        return count < 0 && Marshal.GetLastPInvokeError() == InterruptedError ? 0 : Checked(count, "epoll_pwait2");
    }

    public int TokenOf(int index) =>
        (int)BinaryPrimitives.ReadInt64LittleEndian(_events.AsSpan((index * EventSize) + DataOffset));

    /// <summary>The flags <see cref="In"/> and <see cref="Out"/>, and those of errors.</summary>
    public uint FlagsOf(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_events.AsSpan(index * EventSize));

    public void Dispose() => _ = Close(_descriptor);

    private void Control(int operation, nint socket, int token, uint flags)
    {
        Span<byte> what = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(what, flags);
        BinaryPrimitives.WriteInt64LittleEndian(what[DataOffset..], token);
        _ = Checked(Control(_descriptor, operation, (int)socket, ref what[0]), "epoll_ctl");
    }

    private static int Checked(int result, string call) => result >= 0
        ? result
        : throw new LoadTestException($"{call} fails with error {Marshal.GetLastPInvokeError()}: Linux 5.11 is needed");

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static extern int Control(int descriptor, int operation, int socket, ref byte what);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint SystemCall(
        nint number, nint descriptor, ref byte events, nint countMax, in LoadClock.Timespec timeout, nint signalMask,
        nint signalMaskSize);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nint a, nint b, nint c, nint d);
}
