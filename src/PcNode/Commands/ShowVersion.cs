using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace PcNode.Commands;

/// <summary>What <c>--version</c> does.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        parseResult.InvocationConfiguration.Output.WriteLine(version.InformationalVersion);
        return ExitCode.Done;
    }
}
