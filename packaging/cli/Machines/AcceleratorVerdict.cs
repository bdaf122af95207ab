namespace Memcachier.Cli.Machines;

/// <summary>A machine that has answered, and why it runs on the accelerator it runs on.</summary>
public sealed record AcceleratorVerdict(VirtualMachine Machine, string Because);
