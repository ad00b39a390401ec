using System.Globalization;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Counts what an import makes of a file, and refuses what is too much.</summary>
/// <param name="source">The model's file.</param>
/// <param name="limits">How much there may be.</param>
/// <param name="size">Bytes of the file, and of those beside it in which its tensors lie.</param>
internal sealed class ImportBudget(string source, ReadingLimits limits, long size)
{
    // What a file holds it may hold in other forms, too: transposed, in another type, as indices.
    private const int Copies = 4;

    private long _vertices;
    private long _elements;
    private long _work;

    /// <summary>The limits.</summary>
    public ReadingLimits Limits => limits;

    /// <summary>Takes one more vertex, or a constant in its place.</summary>
    public void TakeVertex(string what)
    {
        if (++_vertices > limits.Nodes)
            throw Error($"with {what} the model comes to over {limits.Nodes} vertices", $"fewer are read");
    }

    /// <summary>Takes a constant that is computed.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="what">What messages call it.</param>
    public void TakeConstant(Shape shape, string what)
    {
        var most = limits.Elements + (Copies * size);
        if ((_elements += shape.Length) > most)
            throw Error($"{what} is a constant of the shape {shape}",
                $"constants of up to {most} elements together are computed");
    }

    /// <summary>Takes the work for a constant.</summary>
    /// <param name="cost">Floating-point operations.</param>
    /// <param name="what">What messages call it.</param>
    public void TakeWork(long cost, string what)
    {
        if ((_work += Math.Max(0, cost)) > limits.Work || _work < 0)
            throw Error($"{what} is a constant that takes {cost} operations",
                $"up to {limits.Work} for all of them are made");
    }

    private OnnxException Error(FormattableString found, FormattableString wanted) =>
        new(source, found.ToString(CultureInfo.InvariantCulture), wanted.ToString(CultureInfo.InvariantCulture));
}
