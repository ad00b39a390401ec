using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A many-to-one recurrent network, unrolled over the rows of an image: layers of
/// cells, and the class from the last step's value.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it is, for people.</param>
internal abstract class RecurrentArchitecture(string name, string description)
    : Architecture(name, description, ModelSizes.Hidden)
{
    public sealed override Shape UsualSample { get; } = new(28, 28);

    private protected sealed override Graph<T> Create<T>(ModelOptions options)
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var steps = SampleShapes.Rows(builder, options).Steps();
        var number = 0;
        foreach (var units in options.Hidden ?? [SampleShapes.IsSmall(options.SampleShape) ? 128 : 512])
            Layer(builder, string.Create(CultureInfo.InvariantCulture, $"layer{++number}"), steps, units);
        return builder.Build(steps[^1].Dense("output", options.ClassCount));
    }

    /// <summary>Makes a layer.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="steps">Its inputs, one a step; receives its outputs.</param>
    /// <param name="units">Features of an output.</param>
    private protected abstract void Layer<T>(GraphBuilder<T> builder, string layer, Node<T>[] steps, int units)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>h_t = tanh(x_t W + h_(t-1) U + b) (Elman, Cognitive Science 14, 1990).</summary>
internal sealed class Rnn() : RecurrentArchitecture(
    "rnn", "a recurrent layer with tanh that reads an image row by row, fitted to the image's size")
{
    public override int UsualBatch => 128;

    private protected override void Layer<T>(GraphBuilder<T> builder, string layer, Node<T>[] steps, int units)
    {
        var weights = new RecurrentWeights<T>(builder, layer, steps[0].Shape[1], units);
        Node<T>? hidden = null;
        for (var step = 0; step < steps.Length; step++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{layer}/step{step}");
            steps[step] = hidden = weights.Sum(steps[step], hidden, name).Tanh($"{name}/tanh");
        }
    }
}

/// <summary>A long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000, whose
/// bias starts at 1).</summary>
/// <remarks>c_t = f c_(t-1) + i g, h_t = o tanh(c_t), where i, f and o are logistic and g is tanh
/// of x_t W + h_(t-1) U + b, each with weights of its own.</remarks>
internal sealed class Lstm() : RecurrentArchitecture(
    "lstm", "a long short-term memory that reads an image row by row, fitted to the image's size")
{
    public override int UsualBatch => 64;

    private protected override void Layer<T>(GraphBuilder<T> builder, string layer, Node<T>[] steps, int units)
    {
        var inputs = steps[0].Shape[1];
        var input = new RecurrentWeights<T>(builder, $"{layer}/input", inputs, units);
        var forget = new RecurrentWeights<T>(builder, $"{layer}/forget", inputs, units, bias: 1);
        var output = new RecurrentWeights<T>(builder, $"{layer}/output", inputs, units);
        var candidate = new RecurrentWeights<T>(builder, $"{layer}/cell", inputs, units);
        Node<T>? hidden = null;
        Node<T>? cell = null;
        for (var step = 0; step < steps.Length; step++)
        {
            var x = steps[step];
            var name = string.Create(CultureInfo.InvariantCulture, $"{layer}/step{step}");
            var i = input.Sum(x, hidden, $"{name}/input").Sigmoid($"{name}/input/sigmoid");
            var g = candidate.Sum(x, hidden, $"{name}/cell").Tanh($"{name}/cell/tanh");
            var written = i.Multiply(g, $"{name}/written");
            if (cell is not null)
            {
                var f = forget.Sum(x, hidden, $"{name}/forget").Sigmoid($"{name}/forget/sigmoid");
                written = f.Multiply(cell, $"{name}/kept").Add(written, $"{name}/memory");
            }
            cell = written;
            var o = output.Sum(x, hidden, $"{name}/output").Sigmoid($"{name}/output/sigmoid");
            steps[step] = hidden = o.Multiply(cell.Tanh($"{name}/memory/tanh"), $"{name}/hidden");
        }
    }
}

/// <summary>The weights that all steps of a recurrent layer, or of one of its gates, share.</summary>
internal sealed class RecurrentWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Node<T> _input;
    private readonly Node<T> _bias;
    private readonly Lazy<Node<T>> _recurrent;

    /// <param name="builder">Where parameters go: <c>name/weight</c>, <c>name/recurrent</c>
    /// and <c>name/bias</c>.</param>
    /// <param name="name">Their owner.</param>
    /// <param name="inputs">Features of a step.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="bias">What the bias starts at.</param>
    public RecurrentWeights(GraphBuilder<T> builder, string name, int inputs, int units, double bias = 0)
    {
        _input = builder.Parameter($"{name}/weight", new Shape(inputs, units), Initializer.GlorotUniform, inputs,
            units);
        _bias = builder.Parameter($"{name}/bias", new Shape(units), Initializer.Constant(bias), 1, units);
        // A sequence of one step reads no hidden value, and a parameter that nobody reads is none.
        _recurrent = new Lazy<Node<T>>(
            () =>
                builder.Parameter($"{name}/recurrent", new Shape(units, units), Initializer.GlorotUniform, units,
                    units));
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
