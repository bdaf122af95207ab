using System;
using System.Diagnostics;
using System.IO;
using Memcachier.Cli;
using Memcachier.Cli.Machines;

namespace Memcachier.BootTests.Guests;

/// <summary>What the machine that runs these tests can and cannot do.</summary>
internal static class Host
{
    private static readonly Lazy<string?> s_kvmObstacle = new(FindKvmObstacle);

    /// <summary>
    /// Why QEMU cannot use KVM here, or null. That QEMU can, and the image then does not boot, is a failure and no
    /// obstacle.
    /// </summary>
    public static string? KvmObstacle => s_kvmObstacle.Value;

    /// <summary>Why tests cannot run that need these programs, or null.</summary>
    public static string? MissingProgram(params string[] programs)
    {
        foreach (string program in programs)
        {
            if (!ToolProcess.Exists(program))
                return $"{program} is not installed";
        }
        return null;
    }

    /// <summary>
    /// Why tests cannot run that need these packages of Debian, or null. Each has at least a copyright.
    /// </summary>
    public static string? MissingPackage(params string[] packages)
    {
        foreach (string package in packages)
        {
            if (!File.Exists($"/usr/share/doc/{package}/copyright"))
                return $"{package} is not installed";
        }
        return null;
    }

    /// <summary>Why tests cannot run that need these packages of npm, or null.</summary>
    public static string? MissingModule(params string[] modules)
    {
        foreach (string module in modules)
        {
            if (!NodeModules.Has(module))
                return $"npm did not install {module}: ./memcachier test has it do so, if there is a network";
        }
        return null;
    }

    private static string? FindKvmObstacle()
    {
        if (MachineLauncher.KvmObstacle() is { } obstacle)
            return obstacle;
        var start = new ProcessStartInfo(
            QemuCommandLine.Program,
            ["-M", "none", "-accel", "kvm", "-nodefaults", "-display", "none", "-monitor", "stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process qemu = Process.Start(start)!;
        qemu.StandardInput.Write("quit\n");
        qemu.StandardInput.Close();
        _ = qemu.StandardOutput.ReadToEnd();
        string errors = qemu.StandardError.ReadToEnd();
        qemu.WaitForExit();
        return qemu.ExitCode == 0 ? null : $"QEMU cannot use KVM here: {errors.Split('\n')[0]}";
    }
}
