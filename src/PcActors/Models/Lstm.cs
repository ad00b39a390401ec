using System.Globalization;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Models;

/// <summary>A many-to-one long short-term memory, unrolled over the rows of an image (Hochreiter and Schmidhuber 1997, with the
/// forget gate of Gers et al. 2000, whose bias starts at 1).</summary>
/// <remarks>c_t = f c_(t-1) + i g, h_t = o tanh(c_t), where i, f and o are logistic and g is tanh of x_t W + h_(t-1) U + b, each
/// with weights of its own.</remarks>
internal sealed class Lstm() : Architecture(
    "lstm", "a long short-term memory that reads an image row by row, fitted to the image's size", ModelSizes.Hidden)
{
    public override Shape UsualSample { get; } = new(28, 28);

    public override int UsualBatch => 64;

    private protected override Graph<T> Create<T>(ModelOptions options)
    {
        var builder = new GraphBuilder<T>(options.Seed);
        var steps = SampleShapes.Rows(builder, options).Steps();
        var number = 0;
        foreach (var units in options.Hidden ?? [SampleShapes.IsSmall(options.SampleShape) ? 128 : 512])
        {
            var layer = string.Create(CultureInfo.InvariantCulture, $"layer{++number}");
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
                hidden = o.Multiply(cell.Tanh($"{name}/memory/tanh"), $"{name}/hidden");
                steps[step] = hidden;
            }
        }
        return builder.Build(steps[^1].Dense("output", options.ClassCount));
    }
}
