using System.Numerics;
using PcActors.Functions;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Computes what depends neither on data nor on trainable parameters.</summary>
internal static class Folding
{
    /// <summary>An operator's value for constant inputs: floats have the bits that a vertex would give them,
    /// integers are exact.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="type">The type of the result's elements, to which they are rounded.</param>
    /// <param name="source">The model's file.</param>
    /// <param name="what">What messages call the result.</param>
    /// <param name="budget">What it is taken from.</param>
    /// <exception cref="OnnxException">The result is too large, or an integer in it is.</exception>
    public static OnnxTensor Apply<T>(
        string operatorType, IReadOnlyList<OnnxTensor> inputs, Attributes attributes, OnnxElementType type,
        string source, string what, ImportBudget budget)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Single precision is not enough for every integer.
        var result = type.IsFloat() && inputs.Select(i => i.TryTensor<T>()).ToArray() is var own
            && own.All(i => i is not null)
            ? Predict(operatorType, own!, attributes, what, budget)
            : Predict(operatorType, [.. inputs.Select(i => i.Values)], attributes, what, budget);
        return OnnxTensor.Computed(source, what, type, result);
    }

    private static Tensor<double> Predict<T>(string operatorType, Tensor<T>[] inputs, Attributes attributes,
        string what, ImportBudget budget)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var function = OperatorCatalogue.Create<T>(operatorType, attributes);
        var shapes = Array.ConvertAll(inputs, i => i.Shape);
        var shape = function.InferShape(shapes);
        budget.TakeConstant(shape, what);
        budget.TakeWork(function.Cost(shapes, shape), what);
        var result = new Tensor<T>(shape);
        function.Predict(inputs, result);
        if (result is Tensor<double> values) return values;
        values = new Tensor<double>(shape);
        for (var i = 0; i < values.Length; i++) values.Writable[i] = double.CreateTruncating(result.Span[i]);
        return values;
    }
}
