using System.Numerics;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Tests.Data;
using PcActors.Tests.Functions;

namespace PcActors.Tests.Onnx;

/// <summary>Model files of one vertex.</summary>
internal static class OperatorModels
{
    /// <summary>A case as a model file; null for what is no operator of ONNX's.</summary>
    /// <param name="c">The case.</param>
    /// <param name="hasData">Whether its first input is data; all others are initializers, or constants.</param>
    public static byte[]? Of<T>(FunctionCase c, bool hasData)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        var builder = new GraphBuilder<T>(1);
        try
        {
            var inputs = c.Inputs<T>().Select((value, i) => i == 0 && hasData
                ? builder.Data("x0", value.Shape)
                : builder.Parameter($"x{i}", value, trainable: i < 2)).ToArray();
            OnnxExport.Save(builder.Build(builder.Apply(c.Function<T>(), inputs, "y")), null, folder.PathOf("a.onnx"));
            return File.ReadAllBytes(folder.PathOf("a.onnx"));
        }
        catch (Exception e) when (e is OnnxException or GraphException)
        {
            return null;
        }
    }
}
