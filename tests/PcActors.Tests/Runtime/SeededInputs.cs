using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Tests.Runtime;

/// <summary>Arrays for a model's inputs, the same in every process.</summary>
internal static class SeededInputs
{
    private const int Batch = 2;
    private const int Side = 32;
    private const int Length = 8;

    /// <summary>Of floats normal numbers; of whole numbers ones, and zeros among them, which can be ids and
    /// masks.</summary>
    /// <param name="model">The model; every input is a tensor of a type that is read, and has a shape.</param>
    public static Dictionary<string, OnnxTensor> Of(OnnxModel model)
    {
        var extents = new Dictionary<string, int>(StringComparer.Ordinal);
        return model.Inputs.ToDictionary(input => input.Name, input =>
        {
            var dimensions = input.Dimensions!.Index().Select(d => d.Item.Extent
                ?? (d.Item.Symbol is { } symbol && extents.TryGetValue(symbol, out var known)
                    ? known
                    : extents[d.Item.Symbol ?? ""] = Extent(d.Index, input.Dimensions!.Count)));
            return Draw(input, new Shape([.. dimensions]));
        });
    }

    private static int Extent(int axis, int rank) => axis == 0 ? Batch : rank == 4 && axis > 1 ? Side : Length;

    private static OnnxTensor Draw(OnnxValue input, Shape shape)
    {
        var random = new Random(20);
        var values = new Tensor<double>(shape);
        for (var i = 0; i < values.Length; i++)
            values.Writable[i] = input.Type!.Value.IsFloat() ? Normal(random) : i % 4 == 3 ? 0 : 1;
        return OnnxTensor.Of(input.Type!.Value, values);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
