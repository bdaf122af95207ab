using System.Collections.Generic;
using System.Reflection;
using Memcachier.Cli.Machines;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// Runs a theory on one machine, under KVM where this host has it: for what takes long and what the others' rows have
/// in common.
/// </summary>
public sealed class OnOneAttribute : GuestsAttribute
{
    private readonly MachineType _machine;

    public OnOneAttribute(MachineType machine) : base(Best) => _machine = machine;

    private static Accelerator Best => Host.KvmObstacle == null ? Accelerator.Kvm : Accelerator.Tcg;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Best, _machine]];
}
