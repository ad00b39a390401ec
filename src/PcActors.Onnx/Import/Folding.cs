using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Computes what depends neither on data nor on trainable parameters.</summary>
internal static class Folding
{
    // What a model of a few bytes may make of itself; 1 GB of doubles.
    private const int LargestConstant = 1 << 27;

    /// <summary>An operator's value for constant inputs: floats have the bits that a vertex would give them,
    /// integers are exact.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="type">The type of the result's elements, to which they are rounded.</param>
    /// <param name="source">The model's file.</param>
    /// <param name="what">What messages call the result.</param>
    /// <exception cref="OnnxException">The result is too large, or an integer in it is.</exception>
    public static OnnxTensor Apply<T>(
        string operatorType, IReadOnlyList<OnnxTensor> inputs, Attributes attributes, OnnxElementType type,
        string source, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Single precision is not enough for every integer.
        var result = type.IsFloat() && inputs.Select(i => i.TryTensor<T>()).ToArray() is var own
            && own.All(i => i is not null)
            ? Predict(operatorType, own!, attributes, source, what)
            : Predict(operatorType, [.. inputs.Select(i => i.Values)], attributes, source, what);
        return OnnxTensor.Computed(source, what, type, result);
    }

    private static Tensor<double> Predict<T>(string operatorType, Tensor<T>[] inputs, Attributes attributes,
        string source, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var function = OperatorCatalogue.Create<T>(operatorType, attributes);
        var shape = function.InferShape(Array.ConvertAll(inputs, i => i.Shape));
        RequireModest(shape, source, what);
        var result = new Tensor<T>(shape);
        function.Predict(inputs, result);
        if (result is Tensor<double> values) return values;
        values = new Tensor<double>(shape);
        for (var i = 0; i < values.Length; i++) values.Writable[i] = double.CreateTruncating(result.Span[i]);
        return values;
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
