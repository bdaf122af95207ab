using System;
using System.Collections.Generic;
using System.Reflection;
using Memcachier.Cli.Machines;
using Xunit.Sdk;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// Runs a theory on every machine under one accelerator. Where this host lacks the accelerator, or something the test
/// <see cref="Needs"/>, the rows are skipped with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class GuestsAttribute : DataAttribute
{
    private readonly Accelerator _accelerator;

    protected GuestsAttribute(Accelerator accelerator) => _accelerator = accelerator;

    /// <summary>Programs, separated by blanks.</summary>
    public string Needs { get; set; } = "";

    /// <summary>Debian packages, separated by blanks.</summary>
    public string Packages { get; set; } = "";

    /// <summary>Packages of npm, separated by blanks.</summary>
    public string Modules { get; set; } = "";

    public override string? Skip
    {
        get => Host.MissingProgram(QemuCommandLine.Program)
            ?? Host.MissingProgram(Needs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            ?? Host.MissingPackage(Packages.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            ?? Host.MissingModule(Modules.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            ?? (_accelerator == Accelerator.Kvm ? Host.KvmObstacle : null);
        set => throw new NotSupportedException("the host decides");
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        [[_accelerator, MachineType.Q35], [_accelerator, MachineType.MicroVm]];
}
