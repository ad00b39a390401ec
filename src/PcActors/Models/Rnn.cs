using System.Globalization;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A many-to-one recurrent network: h_t = tanh(x_t W + h_(t-1) U + b), unrolled over the rows of an image, and the
/// class from the last h (Elman, Cognitive Science 14, 1990).</summary>
internal sealed class Rnn() : Architecture(
    "rnn", "a recurrent layer with tanh that reads an image row by row, fitted to the image's size", ModelSizes.Hidden)
{
    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 128;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var steps = SampleShapes.Rows(builder, options).Steps();
        var number = 0;
        foreach (var units in options.Hidden ?? [SampleShapes.IsSmall(options.SampleShape) ? 128 : 512])
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"layer{++number}");
            var weights = new RecurrentWeights<T>(builder, name, steps[0].Shape[1], units);
            Node<T>? hidden = null;
            for (var step = 0; step < steps.Length; step++)
            {
                hidden = weights.Sum(steps[step], hidden, $"{name}/step{step}").Tanh($"{name}/step{step}/tanh");
                steps[step] = hidden;
            }
        }
        return builder.Build(steps[^1].Dense("output", options.ClassCount));
    }
}
