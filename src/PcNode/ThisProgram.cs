using System.Reflection;

namespace PcNode;

/// <summary>This program.</summary>
internal static class ThisProgram
{
    /// <summary>Its version, with the commit that it was built from.</summary>
    public static string Version { get; } =
        typeof(ThisProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int CheckFailed = 1;
    public const int BadInput = 2;
    public const int RunFailed = 3;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}

/// <summary>The person who called made a mistake. The message is one line: which option, key
/// or file, what was found, what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
