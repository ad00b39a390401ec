using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>Computes what depends neither on data nor on trainable parameters, in double precision.</summary>
internal static class Folding
{
    // What a model of a few bytes may make of itself; 1 GB of doubles.
    private const int LargestConstant = 1 << 27;

    /// <summary>An operator's value for constant inputs.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="type">The type of the result's elements, to which they are rounded.</param>
    /// <param name="source">The model's file.</param>
    /// <param name="what">What messages call the result.</param>
    /// <exception cref="OnnxException">The result is too large, or an integer in it is.</exception>
    public static OnnxTensor Apply(
        string operatorType, IReadOnlyList<OnnxTensor> inputs, Attributes attributes, OnnxElementType type, string source, string what)
    {
        var function = OperatorCatalogue<double>.Create(operatorType, attributes);
        var shape = function.InferShape([.. inputs.Select(i => i.Shape)]);
        RequireModest(shape, source, what);
        var result = new Tensor<double>(shape);
        function.Predict([.. inputs.Select(i => i.Values)], result);
        return OnnxTensor.Computed(source, what, type, result);
    }

    /// <summary>Refuses constants that are so large that they cannot be meant.</summary>
    /// <exception cref="OnnxException">It is such a one.</exception>
    public static void RequireModest(Shape shape, string source, string what)
    {
        if (shape.Length <= LargestConstant) return;
        throw new OnnxException(
            source,
            string.Create(CultureInfo.InvariantCulture, $"{what} is a constant of the shape {shape}"),
            string.Create(CultureInfo.InvariantCulture, $"constants of up to {LargestConstant} elements are computed"));
    }
}
