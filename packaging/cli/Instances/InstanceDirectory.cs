using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Instances;

/// <summary>
/// The running instances of one user: NAME.json is the record, NAME.qmp the control socket, NAME.log the console, which
/// stays readable after the end for a week, or until a new instance takes the name.
/// </summary>
public sealed class InstanceDirectory
{
    private const string RecordSuffix = ".json";
    private const string ConsoleSuffix = ".log";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>How long the console of an instance that has ended stays readable.</summary>
    private static readonly TimeSpan ConsoleLifetime = TimeSpan.FromDays(7);

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private readonly string _path;

    /// <summary>
    /// Creates the directory if need be; nobody else may look into it, for a QMP socket is a root shell of sorts.
    /// </summary>
    public InstanceDirectory(string path)
    {
        _path = path;
        var directory = new DirectoryInfo(path);
        _ = Directory.CreateDirectory(path, OwnerOnly);
        if (directory.LinkTarget != null)
            throw new UserErrorException(
                $"{path} is a symbolic link, which another user may have put there: remove it");
        File.SetUnixFileMode(path, OwnerOnly);
    }

    public static InstanceDirectory OfThisUser()
    {
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        string path = Directory.Exists(runtime)
            ? Path.Combine(runtime, "memcachier")
            : Path.Combine(Path.GetTempPath(), $"memcachier-{UserId()}");
        return new InstanceDirectory(path);
    }

    public string ConsoleFile(string name) => Path.Combine(_path, name + ConsoleSuffix);

    public string QmpSocket(string name) => Path.Combine(_path, name + ".qmp");

    public string PidFile(string name) => Path.Combine(_path, name + ".pid");

    /// <summary>Where <see cref="AcceleratorMemory"/> keeps what did not boot.</summary>
    public string AcceleratorFile => Path.Combine(_path, "kvm-does-not-boot");

    /// <summary>One instance per port or tap, so these make names that stay the same from run to run.</summary>
    public static string NameFor(NetworkBackend network) => network switch
    {
        NetworkBackend.User user => $"memcachier-{user.MemcachedPort}",
        NetworkBackend.Tap tap => $"memcachier-{tap.Interface}",
        _ => throw new ArgumentOutOfRangeException(nameof(network)),
    };

    public void Record(Instance instance) =>
        File.WriteAllText(RecordFile(instance.Name), JsonSerializer.Serialize(instance, Format));

    public bool IsRecorded(string name) => File.Exists(RecordFile(name));

    /// <summary>From here on the instance counts as ended on purpose.</summary>
    public void TakeRecordAway(string name) => File.Delete(RecordFile(name));

    /// <summary>Forgets an instance that has ended; its console stays.</summary>
    public void Forget(string name)
    {
        TakeRecordAway(name);
        File.Delete(QmpSocket(name));
        File.Delete(PidFile(name));
    }

    /// <summary>
    /// The instances that run, by name. Records of those that ended without us are removed on the way.
    /// </summary>
    public IReadOnlyList<Instance> Running()
    {
        var running = new List<Instance>();
        foreach (string file in Directory.EnumerateFiles(_path, "*" + RecordSuffix).Order(StringComparer.Ordinal))
        {
            Instance? instance = TryRead(file);
            if (instance?.Process.IsRunning == true)
                running.Add(instance);
            else
                Forget(Path.GetFileNameWithoutExtension(file));
        }
        DeleteOldConsoles(running);
        return running;
    }

    /// <summary>The named instance, or the only one there is.</summary>
    public Instance Find(string? name)
    {
        IReadOnlyList<Instance> running = Running();
        if (name != null)
        {
            return running.FirstOrDefault(instance => instance.Name == name)
                ?? throw new UserErrorException($"no instance {name} is running");
        }
        return running.Count switch
        {
            0 => throw new UserErrorException("no instance is running"),
            1 => running[0],
            _ => throw new UserErrorException($"several instances are running, name one of: {NamesOf(running)}"),
        };
    }

    /// <summary>The console that an instance left when it ended; null for one that runs or never was.</summary>
    public string? ConsoleOfEnded(string name)
    {
        bool runs = Running().Any(instance => instance.Name == name);
        return !runs && IsPlainName(name) && File.Exists(ConsoleFile(name)) ? ConsoleFile(name) : null;
    }

    private static bool IsPlainName(string name) => name == Path.GetFileName(name);

    private void DeleteOldConsoles(List<Instance> running)
    {
        foreach (string file in Directory.EnumerateFiles(_path, "*" + ConsoleSuffix))
        {
            bool inUse = running.Exists(instance => instance.ConsoleFile == file);
            if (!inUse && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > ConsoleLifetime)
                File.Delete(file);
        }
    }

    private static string NamesOf(IEnumerable<Instance> instances) =>
        string.Join(", ", instances.Select(instance => instance.Name));

    private string RecordFile(string name) => Path.Combine(_path, name + RecordSuffix);

    /// <summary>Null for a file that is gone meanwhile, or half written by a machine that lost power.</summary>
    private static Instance? TryRead(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Instance>(File.ReadAllText(file));
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The owner of a process's own entry in /proc is its effective user.</summary>
    private static string UserId()
    {
        IEnumerable<string> lines = File.ReadLines("/proc/self/status");
        return lines.First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
    }
}
