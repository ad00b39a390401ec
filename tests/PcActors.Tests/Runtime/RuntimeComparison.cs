using System.Numerics;
using Microsoft.ML.OnnxRuntime;
using PcActors.Onnx;
using PcActors.Onnx.Import;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Runtime;

/// <summary>Compares a model's predictions with ONNX Runtime's.</summary>
/// <param name="Compared">How many numbers agree.</param>
/// <param name="Refusal">Why nothing was compared: which of the two does not take the model, and what it says; null
/// when all outputs were.</param>
/// <param name="Difference">The first number that differs; null when there is none.</param>
internal sealed record RuntimeComparison(long Compared, string? Refusal, string? Difference)
{
    private const double Doubles = 1e-9;

    /// <summary>Compares every output on seeded inputs.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="doubles">How far numbers of double precision may differ, as a part of the largest.</param>
    public static RuntimeComparison Of(byte[] bytes, string name, double doubles = Doubles)
    {
        var model = Try(() => OnnxModel.Parse(bytes, name), out var refusal);
        return model is null ? new(0, refusal, null) : Of(model, () => new RuntimeSession(bytes), doubles);
    }

    /// <summary>Compares every output on seeded inputs.</summary>
    public static RuntimeComparison Of(string path)
    {
        var model = Try(() => OnnxModel.Load(path), out var refusal);
        return model is null ? new(0, refusal, null) : Of(model, () => new RuntimeSession(path), Doubles);
    }

    private static RuntimeComparison Of(OnnxModel model, Func<RuntimeSession> load, double doubles)
    {
        if (model.Inputs.FirstOrDefault(i => i.Type is null || i.Dimensions is null) is { } open)
            return new(0, $"its input '{open.Name}' has no shape or type", null);
        var inputs = SeededInputs.Of(model);
        IReadOnlyDictionary<string, OnnxTensor> wanted;
        try
        {
            using var session = load();
            wanted = session.Run(inputs);
        }
        catch (OnnxRuntimeException e)
        {
            return new(0, $"ONNX Runtime: {e.Message.Split('\n')[0]}", null);
        }
        var isDouble = model.Inputs.Concat(model.Outputs).Any(v => v.Type == OnnxElementType.Double);
        var compared = 0L;
        foreach (var (output, tensor) in wanted)
        {
            var found = Try(
                () => isDouble ? Predict<double>(model, inputs, output) : Predict<float>(model, inputs, output),
                out var refusal);
            if (found is null) return new(compared, refusal, null);
            if (DifferenceOf(output, tensor, found, doubles) is { } difference) return new(compared, null, difference);
            compared += tensor.Shape.Length;
        }
        return new(compared, compared == 0 ? "it has no output that can be compared" : null, null);
    }

    private static OnnxTensor Predict<T>(OnnxModel model, Dictionary<string, OnnxTensor> inputs, string output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new OnnxImportOptions
        {
            Output = output,
            InputShapes = inputs.ToDictionary(i => i.Key, i => i.Value.Shape),
        };
        var importer = OperatorTest.Import<T>(model, options, inputs);
        if (importer.Result is ConstantValue constant) return constant.Tensor;
        var graph = importer.ToGraph().Graph;
        if (graph.Vertices.FirstOrDefault(v => v.Function?.IsDrawn == true) is { } drawn)
            throw new OnnxException(model.Source, $"'{drawn.Name}' is drawn, and other numbers by each of the two");
        var result = Forward.Predict(graph, leaf => inputs[leaf].ToTensor<T>());
        var values = new PcActors.Tensors.Tensor<double>(result.Shape);
        for (var i = 0; i < result.Length; i++) values.Writable[i] = double.CreateTruncating(result.Span[i]);
        return OnnxTensor.Of(importer.Result.Type, values);
    }

    private static string? DifferenceOf(string output, OnnxTensor wanted, OnnxTensor found, double doubles)
    {
        if (wanted.Type != found.Type) return $"'{output}' is of {found.Type}, in ONNX Runtime of {wanted.Type}";
        if (!wanted.Shape.Equals(found.Shape)) return $"'{output}' is {found.Shape}, in ONNX Runtime {wanted.Shape}";
        var right = wanted.Values.Span;
        var ours = found.Values.Span;
        var largest = right.ToArray().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        var tolerance = wanted.Type == OnnxElementType.Double ? doubles : Tolerance(wanted.Type);
        for (var i = 0; i < right.Length; i++)
        {
            if (right[i].Equals(ours[i]) || Math.Abs(right[i] - ours[i]) <= tolerance * largest) continue;
            return $"element {i} of '{output}' is {ours[i]:R}, in ONNX Runtime {right[i]:R}, of up to {largest:R}";
        }
        return null;
    }

    // Of the largest number of an output. Sums run in another order: some hundreds of roundings lie between the two in
    // a deep network. A float16 has 11 bits, a bfloat16 has 8, and what lies between is rounded to them there only.
    private static double Tolerance(OnnxElementType type) => type switch
    {
        OnnxElementType.Float => 1e-4,
        OnnxElementType.Float16 => 1e-2,
        OnnxElementType.BFloat16 => 1e-1,
        _ => 0,
    };

    private static TResult? Try<TResult>(Func<TResult> make, out string? refusal)
        where TResult : class
    {
        try
        {
            refusal = null;
            return make();
        }
        catch (OnnxException e)
        {
            refusal = e.Message;
            return null;
        }
    }
}
