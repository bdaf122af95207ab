namespace Internal.Runtime.CompilerHelpers;

/// <summary>The compiler wants the class to exist; the boot code calls the exported entry point directly.</summary>
internal static class StartupCodeHelpers
{
}
