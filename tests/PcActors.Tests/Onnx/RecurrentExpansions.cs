using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Tensors;

namespace PcActors.Tests.Onnx;

/// <summary>LSTM, GRU and RNN as vertices, against loops over numbers.</summary>
public class RecurrentExpansions
{
    private const int Steps = 3;
    private const int Batch = 3;
    private const int Inputs = 2;
    private const int Units = 3;
    private const double Clip = 0.25;

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var kind in (string[])["RNN", "LSTM", "GRU"])
            {
                foreach (var direction in (string[])["forward", "reverse", "bidirectional"])
                {
                    foreach (var options in (string[])["", "bias", "bias states", "bias states batch-first",
                        "bias special", "states activations batch-first lengths", "bias states shorter clip",
                        "states activations batch-first clip shorter-by-data"])
                        cases.Add(kind, direction, options);
                }
            }
            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_recurrent_operator_is_its_definition(string kind, string direction, string options)
    {
        bool Has(string option) => options.Split(' ').Contains(option);
        Skip.If(Has("activations") && OperatorCatalogue.Find("LeakyRelu") is null,
            "the operator LeakyRelu is not supported");
        var directions = direction == "bidirectional" ? 2 : 1;
        var gates = kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 };
        var batchFirst = Has("batch-first");
        var random = new SeededRandom(7, $"{kind}{direction}{options}");
        var test = new TestModel(14).Input("X", OnnxElementType.Double,
            batchFirst ? [Batch, Steps, Inputs] : [Steps, Batch, Inputs]);
        var x = Draw(random, Steps * Batch * Inputs);
        float[] Initializer(string name, params int[] shape)
        {
            var values = Draw(random, new Shape(shape).Length);
            test.Floats(name, Array.ConvertAll(shape, e => (long)e), values);
            return values;
        }
        var inputs = new List<string> { "X", "W", "R" };
        var w = Initializer("W", directions, gates * Units, Inputs);
        var r = Initializer("R", directions, gates * Units, Units);
        var b = Has("bias")
            ? Initializer("B", directions, 2 * gates * Units)
            : new float[directions * 2 * gates * Units];
        inputs.Add(Has("bias") ? "B" : "");
        var isDataLength = Has("shorter-by-data");
        var isShorter = Has("shorter") || isDataLength;
        long[] lengths = isShorter ? [Steps - 1, 0, Steps] : [Steps, Steps, Steps];
        if (isDataLength) test.Input("L", OnnxElementType.Int32, Batch);
        else if (Has("lengths") || isShorter) test.Integers("L", lengths);
        inputs.Add(Has("lengths") || isShorter ? "L" : "");
        int[] stateShape = batchFirst ? [Batch, directions, Units] : [directions, Batch, Units];
        float[] State(string name)
        {
            inputs.Add(Has("states") ? name : "");
            return Has("states") ? Initializer(name, stateShape) : new float[directions * Batch * Units];
        }
        var h0 = State("H0");
        var c0 = kind == "LSTM" ? State("C0") : [];
        var special = Has("special");
        var p = kind == "LSTM" && special ? Initializer("P", directions, 3 * Units) : new float[directions * 3 * Units];
        if (kind == "LSTM" && special) inputs.Add("P");
        var attributes = new List<(string, object)> { ("hidden_size", Units), ("direction", direction),
            ("layout", batchFirst ? 1 : 0) };
        if (Has("clip")) attributes.Add(("clip", Clip));
        if (kind == "GRU" && special) attributes.Add(("linear_before_reset", 1));
        if (Has("activations"))
        {
            string[] names = kind switch
            {
                "LSTM" => ["LeakyRelu", "Affine", "ScaledTanh"],
                "GRU" => ["LeakyRelu", "ScaledTanh"],
                _ => ["ScaledTanh"]
            };
            double[] alphas = kind switch { "LSTM" => [0.25, 0.5, 1.5], "GRU" => [0.25, 1.5], _ => [1.5] };
            double[] betas = kind switch { "LSTM" => [0.125, 0.75], _ => [0.75] };
            attributes.Add(("activations", Repeat(names, directions)));
            attributes.Add(("activation_alpha", Repeat(alphas, directions)));
            attributes.Add(("activation_beta", Repeat(betas, directions)));
            if (kind == "LSTM") attributes.Add(("input_forget", 1));
        }
        string[] outputs = kind == "LSTM" ? ["Y", "Y_h", "Y_c"] : ["Y", "Y_h"];
        test.Node(kind, [.. inputs], outputs, [.. attributes]);
        foreach (var output in outputs) test.Output(output);

        double StateAt(float[] values, int d, int n, int u) =>
            values[(batchFirst ? ((n * directions) + d) : ((d * Batch) + n)) * Units + u];
        double ScaledTanh(double v) => 1.5 * Math.Tanh(0.75 * v);
        double Leaky(double v) => v < 0 ? 0.25 * v : v;
        Func<double, double> Clipped(Func<double, double> function) =>
            Has("clip") ? v => function(Math.Clamp(v, -Clip, Clip)) : function;
        var cube = new double[Steps, Batch, Inputs];
        for (var i = 0; i < x.Length; i++)
        {
            var (outer, middle, inner) = (i / (x.Length / (batchFirst ? Batch : Steps)),
                i / Inputs % (batchFirst ? Steps : Batch), i % Inputs);
            cube[batchFirst ? middle : outer, batchFirst ? outer : middle, inner] = x[i];
        }
        var reference = new RecurrentReference(kind, directions, kind == "GRU" && special,
            kind == "LSTM" && Has("activations"))
        {
            X = cube,
            Units = Units,
            Reverse = direction == "reverse",
            W = (d, row, i) => w[(((d * gates * Units) + row) * Inputs) + i],
            R = (d, row, i) => r[(((d * gates * Units) + row) * Units) + i],
            B = (d, i) => b[(d * 2 * gates * Units) + i],
            P = (d, i) => p[(d * 3 * Units) + i],
            InitialH = (d, n, u) => StateAt(h0, d, n, u),
            InitialC = (d, n, u) => kind == "LSTM" ? StateAt(c0, d, n, u) : 0,
            F = Clipped(Has("activations") ? Leaky : v => 1 / (1 + Math.Exp(-v))),
            G = Clipped(!Has("activations") ? Math.Tanh : kind == "LSTM" ? v => (0.5 * v) + 0.125 : ScaledTanh),
            H = Clipped(Has("activations") ? ScaledTanh : Math.Tanh),
            Length = n => (int)lengths[n],
        };
        var (y, lastH, lastC) = reference.Run();

        foreach (var output in outputs)
        {
            var graph = OnnxImport.ToGraph<double>(test.Model, new OnnxImportOptions { Output = output }).Graph;
            Assert.Equal(output, graph.Root.Name);
            var found = Forward.Predict(graph, leaf => Tensor<double>.From(
                graph.DataLeaves.First(l => l.Name == leaf).Shape,
                leaf == "L" ? Array.ConvertAll(lengths, v => (double)v) : Array.ConvertAll(x, v => (double)v)));
            if (output == "Y")
            {
                Assert.Equal(
                    batchFirst
                        ? new Shape(Batch, Steps, directions, Units)
                        : new Shape(Steps, directions, Batch, Units), found.Shape);
                Compare(found, (t, d, n, u) => batchFirst ? [n, t, d, u] : [t, d, n, u], (t, d, n, u) => y[t, d, n, u],
                    Steps, directions);
            }
            else
            {
                var last = output == "Y_h" ? lastH : lastC;
                Assert.Equal(batchFirst ? new Shape(Batch, directions, Units) : new Shape(directions, Batch, Units),
                    found.Shape);
                Compare(found, (_, d, n, u) => batchFirst ? [n, d, u] : [d, n, u], (_, d, n, u) => last[d, n, u], 1,
                    directions);
            }
        }
    }

    [Theory]
    [InlineData("clip", 0.0, "clip is 0")]
    [InlineData("direction", "sideways", "'sideways'")]
    [InlineData("activations", "Swish", "'Swish'")]
    [InlineData("hidden_size", 7L, "hidden_size is 7")]
    [InlineData("fast", 1L, "'fast'")]
    public void What_is_not_supported_is_refused(string attribute, object value, string named)
    {
        var test = new TestModel(14).Input("X", Steps, Batch, Inputs)
            .Floats("W", [1, Units, Inputs], new float[Units * Inputs])
            .Floats("R", [1, Units, Units], new float[Units * Units]).Output("Y")
            .Node("RNN", ["X", "W", "R"], ["Y"],
                (attribute, attribute == "activations" ? new[] { (string)value } : value));
        Assert.Contains(named, Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(test.Model)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_that_are_longer_than_X_and_weights_that_do_not_fit_are_refused()
    {
        TestModel Rnn(int units) =>
            new TestModel(14).Input("X", Steps, Batch, Inputs)
                .Floats("W", [1, units, Inputs], new float[units * Inputs])
            .Floats("R", [1, Units, Units], new float[Units * Units]).Integers("L", Steps, Steps + 1, 0)
            .Integers("M", Steps).Output("Y");
        var longer = Rnn(Units).Node("RNN", ["X", "W", "R", "", "L"], ["Y"]);
        Assert.Contains("sequence_lens are [3, 4, 0]",
            Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(longer.Model)).Message,
            StringComparison.Ordinal);
        var few = Rnn(Units).Node("RNN", ["X", "W", "R", "", "M"], ["Y"]);
        Assert.Contains("input sequence_lens has the shape [1]",
            Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(few.Model)).Message, StringComparison.Ordinal);
        var misfit = Rnn(Units + 1).Node("RNN", ["X", "W", "R"], ["Y"]);
        Assert.Contains("input W", Assert.Throws<OnnxException>(() => OnnxImport.ToGraph<float>(misfit.Model)).Message,
            StringComparison.Ordinal);
    }

    private static void Compare(
        Tensor<double> found, Func<int, int, int, int, int[]> place, Func<int, int, int, int, double> expected,
        int steps, int directions)
    {
        var strides = found.Shape.Strides();
        for (var t = 0; t < steps; t++)
        {
            for (var d = 0; d < directions; d++)
            {
                for (var n = 0; n < Batch; n++)
                {
                    for (var u = 0; u < Units; u++)
                        Assert.Equal(expected(t, d, n, u),
                            found.Span[place(t, d, n, u).Zip(strides, (i, s) => i * s).Sum()], 1e-12);
                }
            }
        }
    }

    private static float[] Draw(SeededRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];

    private static TItem[] Repeat<TItem>(TItem[] items, int times) =>
        [.. Enumerable.Repeat(items, times).SelectMany(i => i)];
}
