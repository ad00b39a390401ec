using Google.Protobuf;
using PcActors.Onnx.Schema;

namespace PcNode.Tests.Harness;

/// <summary>The network in a model file. What was done to it, such as how many steps were made under which rule, is
/// said beside it.</summary>
internal static class ExportedGraph
{
    public static byte[] Of(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.ToByteArray();
}
