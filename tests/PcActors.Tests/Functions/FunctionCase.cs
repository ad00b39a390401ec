using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>One configuration of an operator: its inputs' shapes and its attributes, with values that
/// depend on nothing else.</summary>
/// <param name="Operator">The ONNX operator type.</param>
/// <param name="Shapes">The inputs' shapes, as in <c>"2x3, 3, ()"</c>, where <c>()</c> is a scalar.</param>
/// <param name="Set">The attributes, as in <c>"axes=[0,-1] keepdims=0 alpha=0.5"</c>.</param>
public sealed record FunctionCase(string Operator, string Shapes, string Set = "")
{
    /// <summary>Where each input's values lie; the last entry serves all further inputs.</summary>
    public Domain[] Domains { get; init; } = [Domain.Nonzero];

    public Shape[] InputShapes { get; } = [.. Shapes.Split(", ").Select(Parse)];

    public ElementaryFunction<T> Function<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OperatorCatalogue.Create<T>(Operator, ParseAttributes(Set));

    public Tensor<T>[] Inputs<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(Seed());
        return [.. InputShapes.Select((shape, i) => Draw<T>(shape, Domains[Math.Min(i, Domains.Length - 1)], random))];
    }

    /// <summary>An error of the prediction's shape.</summary>
    public Tensor<T> Error<T>(Shape prediction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Draw<T>(prediction, Domain.Nonzero, new Random(Seed() + 1));

    public override string ToString() => $"{Operator}({Shapes}{(Set.Length == 0 ? "" : "; ")}{Set})";

    private static Tensor<T> Draw<T>(Shape shape, Domain domain, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = new Tensor<T>(shape);
        var values = domain.Draw(random, shape.Length);
        for (var i = 0; i < values.Length; i++) tensor.Writable[i] = T.CreateChecked(values[i]);
        return tensor;
    }

    private static Shape Parse(string text) => text == "()"
        ? Shape.Scalar
        : new Shape([.. text.Split('x').Select(extent => int.Parse(extent, CultureInfo.InvariantCulture))]);

    private static Attributes ParseAttributes(string text) => Attributes.Of(
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .Select(pair => (pair[0], ParseValue(pair[1])))]);

    private static object? ParseValue(string text)
    {
        var items = text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (text.StartsWith('['))
        {
            return text.Contains('.', StringComparison.Ordinal)
                ? Array.ConvertAll(items, item => double.Parse(item, CultureInfo.InvariantCulture))
                : Array.ConvertAll(items, item => long.Parse(item, CultureInfo.InvariantCulture));
        }
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var integer)) return integer;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    /// <summary>FNV-1a of the name: the same in every process.</summary>
    private int Seed() => (int)(ToString().Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u) >> 2);
}
