using System.IO;
using Memcachier.Cli;

namespace Memcachier.BootTests;

/// <summary>The clients from npm, which the launcher installs before it runs the tests.</summary>
internal static class NodeModules
{
    public static string Directory => Path.Combine(Repository.Find().OutputDirectory, "clients", "node_modules");

    public static bool Has(string module) => File.Exists(Path.Combine(Directory, module, "package.json"));
}
