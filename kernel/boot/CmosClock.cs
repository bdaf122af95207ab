using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>The battery clock of a PC (Motorola MC146818), which virtual machines keep in UTC.</summary>
public readonly struct CmosClock<TPorts>
    where TPorts : struct, IPorts
{
    private const ushort IndexPort = 0x70;
    private const ushort DataPort = 0x71;
    private const byte NonMaskableOff = 0x80;
    private const byte StatusA = 0x0A;
    private const byte StatusB = 0x0B;
    private const byte UpdateInProgress = 0x80;

    // What ports without a device read as. In status A it would stop the clock's own oscillator.
    private const byte NobodyAnswers = 0xFF;
    private const byte BinaryFormat = 0x04;
    private const byte TwentyFourHours = 0x02;
    private const byte Afternoon = 0x80;
    private const int ReadsMax = 100;
    private const int PatienceReads = 100_000;

    private readonly TPorts _ports;

    public CmosClock(TPorts ports) => _ports = ports;

    /// <summary>Seconds since 1970-01-01 UTC. Fails if there is no such clock, or it never shows the same time twice.</summary>
    public bool TryRead(out long unixSeconds)
    {
        unixSeconds = 0;
        if (!TryReadOnce(out long previous)) return false;
        // A reading that is torn by the tick differs from the next one.
        for (int i = 0; i < ReadsMax; i++)
        {
            if (!TryReadOnce(out unixSeconds)) return false;
            if (unixSeconds == previous) return true;
            previous = unixSeconds;
        }
        return false;
    }

    private bool TryReadOnce(out long unixSeconds)
    {
        unixSeconds = 0;
        int reads = 0;
        for (byte status = Read(StatusA); (status & UpdateInProgress) != 0; status = Read(StatusA))
        {
            if (status == NobodyAnswers || ++reads == PatienceReads) return false;
        }
        byte format = Read(StatusB);
        int second = Decode(Read(0x00), format);
        int minute = Decode(Read(0x02), format);
        byte rawHour = Read(0x04);
        int hour = Decode((byte)(rawHour & ~Afternoon), format);
        if ((format & TwentyFourHours) == 0) hour = (hour % 12) + ((rawHour & Afternoon) != 0 ? 12 : 0);
        int day = Decode(Read(0x07), format);
        int month = Decode(Read(0x08), format);
        int year = 2000 + Decode(Read(0x09), format);

        if (second > 59 || minute > 59 || hour > 23) return false;
        if (day is < 1 or > 31 || month is < 1 or > 12 || year > 2099) return false;
        unixSeconds = (((((DaysSince1970(year, month, day) * 24L) + hour) * 60) + minute) * 60) + second;
        return true;
    }

    /// <summary>Days between 1970-01-01 and a date from 2000-01-01 to 2099-12-31, when every fourth year is a leap year.</summary>
    private static int DaysSince1970(int year, int month, int day)
    {
        System.ReadOnlySpan<ushort> daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        const int DaysTo2000 = 10_957;
        int years = year - 2000;
        int leapDays = (years + 3) / 4;
        if (years % 4 == 0 && month > 2) leapDays++;
        return DaysTo2000 + (years * 365) + leapDays + daysBefore[month - 1] + day - 1;
    }

    private static int Decode(byte value, byte format) =>
        (format & BinaryFormat) != 0 ? value : ((value >> 4) * 10) + (value & 0x0F);

    private byte Read(byte register)
    {
        _ports.Out8(IndexPort, (byte)(register | NonMaskableOff));
        return _ports.In8(DataPort);
    }
}
