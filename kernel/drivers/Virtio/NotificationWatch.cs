namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// Notices that a queue has waited so long that its notification may be lost. Some hypervisors do lose one now and then
/// (QEMU before 8.1 without KVM, with one processor); a repeated one does no harm.
/// </summary>
internal struct NotificationWatch
{
    public const long PatienceMicros = 5_000;

    private long _sinceMicros;
    private ushort _takenIdx;
    private bool _isWaiting;
    private bool _hasRepeated;

    /// <summary>True if the notification should be repeated now.</summary>
    /// <param name="isWaiting">Whether the device has something to do.</param>
    /// <param name="takenIdx">The queue's progress.</param>
    /// <param name="nowMicros">The time.</param>
    /// <param name="hasHelped">True if the device went on after the last repetition.</param>
    public bool IsOverdue(bool isWaiting, ushort takenIdx, long nowMicros, out bool hasHelped)
    {
        hasHelped = _hasRepeated && takenIdx != _takenIdx;
        if (!isWaiting || !_isWaiting || takenIdx != _takenIdx)
        {
            _takenIdx = takenIdx;
            _isWaiting = isWaiting;
            _sinceMicros = nowMicros;
            _hasRepeated = false;
            return false;
        }
        if (nowMicros - _sinceMicros < PatienceMicros) return false;
        _sinceMicros = nowMicros;
        _hasRepeated = true;
        return true;
    }
}
