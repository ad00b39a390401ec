using PcActors.Functions;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Export;

/// <summary>The nodes of a Linear, which is no operator of ONNX's: what the import makes one of again.</summary>
internal static class LinearNodes
{
    /// <summary>The operator.</summary>
    public const string Operator = "Linear";

    /// <summary>The nodes, in order.</summary>
    /// <param name="output">The name of what the last of them gives.</param>
    /// <param name="inputs">The names of the function's inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="unique">Makes a name one that nothing else has.</param>
    public static IEnumerable<NodeProto> Of(
        string output, IReadOnlyList<string> inputs, Attributes attributes, Func<string, string> unique)
    {
        var weight = inputs[1];
        if (attributes.Flag("transW", false))
        {
            weight = unique($"{output}/transposed");
            var order = AttributeWriter.Write("Transpose", "perm", new long[] { 1, 0 });
            yield return Node("Transpose", weight, [inputs[1]], order);
        }
        if (inputs.Count == 2)
        {
            yield return Node("MatMul", output, [inputs[0], weight]);
            yield break;
        }
        var product = unique($"{output}/product");
        yield return Node("MatMul", product, [inputs[0], weight]);
        yield return Node("Add", output, [product, inputs[2]]);
    }

    private static NodeProto Node(
        string operatorType, string output, IEnumerable<string> inputs, params AttributeProto[] attributes) => new()
        {
            OpType = operatorType,
            Name = output,
            Output = { output },
            Input = { inputs },
            Attribute = { attributes },
        };
}
