using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>The weights that all steps of a recurrent layer, or of one of its gates, share.</summary>
internal sealed class RecurrentWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Node<T> _input;
    private readonly Node<T> _bias;
    private readonly Lazy<Node<T>> _recurrent;

    /// <param name="builder">Where parameters go: <c>name/weight</c>, <c>name/recurrent</c> and <c>name/bias</c>.</param>
    /// <param name="name">Their owner.</param>
    /// <param name="inputs">Features of a step.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="bias">What the bias starts at.</param>
    public RecurrentWeights(GraphBuilder<T> builder, string name, int inputs, int units, double bias = 0)
    {
        _input = builder.Parameter($"{name}/weight", new Shape(inputs, units), Initializer.GlorotUniform, inputs, units);
        _bias = builder.Parameter($"{name}/bias", new Shape(units), Initializer.Constant(bias), 1, units);
        // A sequence of one step reads no hidden value, and a parameter that nobody reads is none.
        _recurrent = new Lazy<Node<T>>(() => builder.Parameter($"{name}/recurrent", new Shape(units, units), Initializer.GlorotUniform, units, units));
    }

    /// <summary>x W + b + h U; h is null before the first step.</summary>
    public Node<T> Sum(Node<T> x, Node<T>? hidden, string name)
    {
        var sum = x.Apply("Gemm", [_input, _bias], null, $"{name}/x");
        return hidden is null ? sum : hidden.Apply("Gemm", [_recurrent.Value, sum], null, $"{name}/h");
    }
}

/// <summary>Sequences step by step.</summary>
internal static class SequenceSteps
{
    /// <summary>The steps [N, F] of a sequence [N, S, F].</summary>
    public static Node<T>[] Steps<T>(this Node<T> sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = sequence.Shape[2];
        return [.. Enumerable.Range(0, sequence.Shape[1]).Select(step => sequence
            .Slice(1, step, step + 1, name: string.Create(CultureInfo.InvariantCulture, $"row{step}"))
            .Reshape(-1, features))];
    }
}
