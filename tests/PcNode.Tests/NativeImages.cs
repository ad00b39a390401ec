using System.Reflection;
using System.Reflection.PortableExecutable;

namespace PcNode.Tests;

/// <summary>Property: what pcnode loads at its start has been compiled ahead of time, where that can be.</summary>
public sealed class NativeImages
{
    [SkippableTheory]
    [InlineData("pcnode")]
    [InlineData("PcActors")]
    [InlineData("PcActors.Cluster")]
    [InlineData("PcActors.Onnx")]
    [InlineData("PcActors.Tracing")]
    [InlineData("Akka")]
    [InlineData("Akka.Cluster")]
    [InlineData("Akka.Remote")]
    [InlineData("DotNetty.Transport")]
    [InlineData("Google.Protobuf")]
    [InlineData("Newtonsoft.Json")]
    [InlineData("Sep")]
    [InlineData("Spectre.Console")]
    [InlineData("System.CommandLine")]
    public void An_assembly_beside_the_program_holds_native_code(string name)
    {
        Skip.IfNot(IsCompiledAhead, "this build compiles nothing ahead of time");
        var folder = Path.GetDirectoryName(typeof(Cli).Assembly.Location)!;
        using var image = new PEReader(File.OpenRead(Path.Combine(folder, $"{name}.dll")));
        Assert.True(
            image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0, $"{name} is compiled when it runs");
        Assert.True(image.HasMetadata);
    }

    private static bool IsCompiledAhead => typeof(NativeImages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Any(a => a is { Key: "CompileAhead", Value: "true" });
}
