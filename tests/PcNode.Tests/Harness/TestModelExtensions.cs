using PcActors.Tests.Onnx;

namespace PcNode.Tests.Harness;

/// <summary>Models with another first output.</summary>
internal static class TestModelExtensions
{
    /// <summary>Makes the last output the first.</summary>
    public static TestModel OutputFirst(this TestModel model)
    {
        var outputs = model.Proto.Graph.Output;
        var last = outputs[^1];
        outputs.RemoveAt(outputs.Count - 1);
        outputs.Insert(0, last);
        return model;
    }
}
