using System.Globalization;
using PcActors.Onnx;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>A model file from lines such as <c>Mul h #0.5 w[6] -> p</c>: an operator, its inputs, attributes and its
/// output. <c>#2</c> is a number in a Constant node, <c>w[6]</c> a parameter that learns, drawn at random,
/// <c>c=1[6]</c> a constant of equal elements, <c>@2,3</c> a shape and <c>!1,2</c> axes in an initializer, <c>~</c>
/// an input that is left out. h is a function of the input x and a parameter; the root, y, one of p.</summary>
internal static class RewritingModel
{
    /// <summary>The model.</summary>
    /// <param name="shape">The shape of h.</param>
    /// <param name="lines">The lines, with ; between.</param>
    /// <param name="type">The type of floats in the file.</param>
    /// <param name="opset">The file's opset.</param>
    public static OnnxModel Of(
        string shape, string lines, OnnxElementType type = OnnxElementType.Float, int opset = 17)
    {
        var extents = Extents(shape);
        var made = new TestModel(opset).Input("x", type, [.. extents.Select(e => (object)(int)e)]);
        made.Proto.Graph.Output.Add(new ValueInfoProto { Name = "y" });
        Line($"Mul x w0[{extents[^1]}] -> h");
        foreach (var line in lines.Split(';', StringSplitOptions.TrimEntries)) Line(line);
        Line("Tanh p -> y");
        return OnnxModel.Parse(made.Bytes);

        void Line(string line)
        {
            var parts = line.Split("->", StringSplitOptions.TrimEntries);
            var words = parts[0].Split(' ');
            var attributes = words.Skip(1).Where(w => w.Contains('=', StringComparison.Ordinal) && !w.EndsWith(']'))
                .Select(w => w.Split('=')).Select(w => (w[0], Value(w[0], w[1])));
            var inputs = words.Skip(1).Where(w => !w.Contains('=', StringComparison.Ordinal) || w.EndsWith(']'))
                .Select(Input);
            made.Node(words[0], [.. inputs], [parts[1]], [.. attributes]);
        }

        string Input(string word)
        {
            if (word == "~") return "";
            if (word[0] == '#')
            {
                var number = word[1..];
                if (made.Proto.Graph.Node.Any(n => n.Output[0] == word)) return word;
                made.Node("Constant", [], [word], ("value", Tensor(word, [], _ => Number(number))));
                return word;
            }
            if (word == "@true")
            {
                var truth = new TensorProto { Name = word, DataType = (int)OnnxElementType.Bool, Int32Data = { 1 } };
                made.Node("Constant", [], [word], ("value", truth));
                return word;
            }
            if (word[0] is '@' or '!')
            {
                if (made.Proto.Graph.Initializer.All(i => i.Name != word)) made.Integers(word, Extents(word[1..]));
                return word;
            }
            if (word[^1] != ']') return word;
            var (name, list) = (word[..word.IndexOf('[', StringComparison.Ordinal)],
                Extents(word[(word.IndexOf('[', StringComparison.Ordinal) + 1)..^1]));
            if (name.Split('=') is [var constant, var equal])
            {
                made.Node("Constant", [], [constant], ("value", Tensor(constant, list, _ => Number(equal))));
                return constant;
            }
            var random = new SeededRandom(1, name);
            made.Proto.Graph.Initializer.Add(Tensor(name, list, _ => random.NextGaussian() / 2));
            return name;
        }

        TensorProto Tensor(string name, long[] dimensions, Func<int, double> element)
        {
            var tensor = new TensorProto { Name = name, DataType = (int)type, Dims = { dimensions } };
            var elements = Enumerable.Range(0, (int)dimensions.Aggregate(1L, (a, b) => a * b)).Select(element).ToList();
            if (type == OnnxElementType.Double) tensor.DoubleData.Add(elements);
            else tensor.FloatData.Add(elements.Select(e => (float)e));
            return tensor;
        }
    }

    private static object Value(string name, string text)
    {
        if (text.All(char.IsAsciiLetter)) return text;
        if (text.Contains('.', StringComparison.Ordinal)) return Number(text);
        var numbers = Extents(text);
        return name is "axes" or "perm" ? numbers : numbers[0];
    }

    private static double Number(string text) => text switch
    {
        "root2" => Math.Sqrt(2),
        "1/root2" => 1 / Math.Sqrt(2),
        "root2/pi" => Math.Sqrt(2 / Math.PI),
        "sixth" => 1.0 / 6,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static long[] Extents(string shape) =>
        Array.ConvertAll(shape.Split(','), e => long.Parse(e, CultureInfo.InvariantCulture));
}
