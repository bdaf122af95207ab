using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Guest;
using Memcachier.Cli.Machines;
using Memcachier.Cli.Symbols;

namespace Memcachier.Cli.Benching;

/// <summary>The image in a QEMU that counts its instructions, a round at a time; gone with this object.</summary>
public sealed class BenchGuest : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly VirtualMachine _machine;
    private readonly ElfImage _image;

    private BenchGuest(DirectoryInfo directory, VirtualMachine machine, GuestUnderTest guest, ElfImage image)
    {
        _directory = directory;
        _machine = machine;
        _image = image;
        Guest = guest;
    }

    public GuestUnderTest Guest { get; }

    /// <summary>What it has printed so far.</summary>
    public string Console => _machine.ConsoleText;

    /// <summary>Boots it.</summary>
    /// <param name="repository">Whose image.</param>
    /// <param name="memoryMiB">Of the machine.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<BenchGuest> StartAsync(Repository repository, int memoryMiB, CancellationToken cancel)
    {
        string plugin = await PluginBuilder.BuildAsync(repository, cancel);
        ElfImage image = ElfImage.Load(repository.Image);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mc-");
        var guest = new GuestUnderTest(directory.FullName);
        var options = new MachineOptions
        {
            Name = "memcachier-bench",
            Image = repository.Image,
            ConsoleFile = Path.Combine(directory.FullName, "console"),
            QmpSocket = Path.Combine(directory.FullName, "qmp"),
            Network = new NetworkBackend.Stream(guest.NetworkSocket),
            Memory = new MemorySize(memoryMiB),
            Machine = MachineType.MicroVm,
            Accelerator = Accelerator.Tcg,
            IsTimeCounted = true,
            GuestOptions = [GuestUnderTest.AddressSetting],
            Plugin = $"{plugin},control={guest.GateSocket}"
                + $",gate={ReactorMethod(image, "Round"):x},mark={ReactorMethod(image, "Tick"):x}",
        };
        VirtualMachine machine = await VirtualMachine.StartAsync(options, cancel);
        var bench = new BenchGuest(directory, machine, guest, image);
        try
        {
            while (!File.Exists(options.QmpSocket) && !machine.HasEnded) await Task.Delay(10, cancel);
            if (machine.HasEnded) throw new UserErrorException(await machine.DescribeEndAsync());
            await Task.Run(() => guest.Begin(options.QmpSocket), cancel);
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
        return bench;
    }

    /// <summary>The function at an address, without its type arguments.</summary>
    public string NameOf(ulong address) => _image.TryFindSymbol(address, out ElfSymbol symbol)
        ? WithoutTypeArguments(IlcName.Readable(symbol.Name))
        : $"0x{address:x}";

    public async ValueTask DisposeAsync()
    {
        // The plug-in ends QEMU when nobody is at the other end of its connection any more.
        Guest.Dispose();
        await _machine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static ulong ReactorMethod(ElfImage image, string method)
    {
        ElfSymbol symbol = image.Symbols.FirstOrDefault(each =>
            each.Name.StartsWith("memcachier_Memcachier_Composition_Reactor_", StringComparison.Ordinal) &&
            each.Name.EndsWith($"__{method}", StringComparison.Ordinal));
        return symbol.Address != 0
            ? symbol.Address
            : throw new UserErrorException($"the image has no function Reactor.{method}, where its rounds begin");
    }

    private static string WithoutTypeArguments(string name)
    {
        int open = name.IndexOf('<');
        int close = name.LastIndexOf('>');
        return open < 0 || close < open ? name : name[..open] + name[(close + 1)..];
    }
}
