using PcActors.Graphs;
using PcActors.Onnx;

namespace PcActors.Tests.Onnx;

/// <summary>Vertices, edges and levels of whole levelled networks are linear in every extent, wherever errors go: a
/// network of twice the steps has twice the vertices, and not four times as many.</summary>
public class GrowthProperties
{
    public static TheoryData<string> Cases => [.. All.Keys];

    private static Dictionary<string, (int[] Extents, Func<int[], TestModel> Build)> All { get; } = AllCases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_levelled_network_is_linear_in_every_extent(string name)
    {
        var (extents, build) = All[name];
        for (var axis = 0; axis < extents.Length; axis++)
        {
            var sizes = ((int[])[2, 4, 8]).Select(factor => SizeOf(
                build([.. extents.Select((e, i) => i == axis ? e * factor : e)]))).ToArray();
            for (var figure = 0; figure < sizes[0].Length; figure++)
            {
                var (small, middle, large) = (sizes[0][figure], sizes[1][figure], sizes[2][figure]);
                Assert.True(large - middle <= 2 * (middle - small) + 2,
                    $"figure {figure} along extent {axis}: {small}, {middle}, {large}");
            }
        }
    }

    [Theory]
    [InlineData("LSTM last gathered")]
    [InlineData("LSTM last sliced")]
    [InlineData("LSTM last split")]
    public void The_last_output_costs_no_more_than_the_final_state(string name)
    {
        var (_, build) = All[name];
        var wanted = SizeOf(All["LSTM final state"].Build([6, 2, 3, 4]))[0];
        Assert.InRange(SizeOf(build([6, 2, 3, 4]))[0], 1, wanted + 6);
    }

    // Vertices, edges and levels.
    private static int[] SizeOf(TestModel model)
    {
        var graph = Levelling.Level(OnnxImport.ToGraph<float>(model.Model).Graph);
        return [graph.Vertices.Count, graph.Edges.Count, graph.Depth];
    }

    private static Dictionary<string, (int[] Extents, Func<int[], TestModel> Build)> AllCases()
    {
        int[] small = [3, 1, 2, 2];
        var cases = new Dictionary<string, (int[], Func<int[], TestModel>)>
        {
            ["LSTM last gathered"] = (small, e => Last(e, "Gather")),
            ["LSTM last sliced"] = (small, e => Last(e, "Slice")),
            ["LSTM last split"] = (small, e => Last(e, "Split")),
            ["LSTM final state"] = (small, e => Stack(e, "LSTM", "forward", 1, "", state: true).Output("final0")),
            ["CumSum"] = ([3, 2], e => Learnt(e).Integers("axis", [], 0).Node("CumSum", "h axis", "y").Output("y")),
            ["Resize"] = ([3, 2], e => Learnt([1, 1, .. e]).Floats("scales", [4], 1, 1, 2, 2)
                .Node("Resize", ["h", "", "scales"], ["y"]).Output("y")),
            ["AveragePool"] = ([3, 4], e => Learnt([1, 1, .. e])
                .Node("AveragePool", "h", "y", ("kernel_shape", new long[] { 2, 2 })).Output("y")),
            ["Split and Concat"] = ([4], e => SplitAndConcat(e[0])),
            ["windows"] = ([8], e => Windows(Joined(e[0], isNested: false), e[0], e[0] / 2)),
            ["places of nested Concats"] = ([8], e => Windows(Joined(e[0], isNested: true), e[0], 1)),
        };
        foreach (var kind in (string[])["RNN", "GRU", "LSTM"])
        {
            foreach (var direction in (string[])["forward", "bidirectional"])
            {
                foreach (var between in (string[])["", "Relu", "lengths"])
                    cases[$"{kind} {direction} twice {between}"] = (small, e =>
                        Stack(e, kind, direction, 2, between).Node("ReduceMean", "out", "y").Output("y"));
            }
        }
        return cases;
    }

    // x h, so that an error goes to all that is computed from x.
    private static TestModel Learnt(int[] shape) => new TestModel(17).Input("x", [.. shape.Cast<object>()])
        .Floats("w", [1], 1.5f).Node("Mul", "x w", "h");

    private static TestModel SplitAndConcat(int parts)
    {
        string[] names = [.. Enumerable.Range(0, parts).Select(i => $"p{i}")];
        var model = Learnt([parts, 2]).Node("Split", ["h"], names, ("axis", 0));
        for (var i = 1; i < parts; i++) model.Node("Add", [i == 1 ? "p0" : $"s{i - 1}", $"p{i}"], [$"s{i}"]);
        return model.Node("Concat", [.. names.Skip(1).Select((_, i) => $"s{i + 1}")], ["y"], ("axis", 0)).Output("y");
    }

    // T values one behind the other, by one Concat or by one for each.
    private static TestModel Joined(int parts, bool isNested)
    {
        var model = Learnt([1, 2]).Node("Relu", "h", "r0");
        for (var i = 1; i < parts; i++) model.Node("Relu", $"r{i - 1}", $"r{i}");
        if (!isNested) return model.Node("Concat", [.. Enumerable.Range(0, parts).Select(i => $"r{i}")], ["all"],
            ("axis", 0));
        for (var i = 1; i < parts; i++)
            model.Node("Concat", [i == 1 ? "r0" : $"n{i - 1}", $"r{i}"], [i == parts - 1 ? "all" : $"n{i}"],
                ("axis", 0));
        return model;
    }

    // The sum of as many windows as there are places for them.
    private static TestModel Windows(TestModel model, int extent, int window)
    {
        model.Integers("axis", 0);
        for (var at = 0; at + window <= extent; at++)
        {
            model.Integers($"from{at}", at).Integers($"to{at}", at + window)
                .Node("Slice", $"all from{at} to{at} axis", $"w{at}");
            if (at > 0) model.Node("Add", $"{(at == 1 ? "w0" : $"s{at - 1}")} w{at}", $"s{at}");
        }
        return model.Output($"s{extent - window}");
    }

    private static TestModel Last(int[] e, string selection)
    {
        var model = Stack(e, "LSTM", "forward", 1, "").Integers("perm", 1, 0, 2)
            .Node("Transpose", "out", "batchFirst", ("perm", new long[] { 1, 0, 2 }));
        return selection switch
        {
            "Gather" => model.Integers("last", [], -1).Node("Gather", "batchFirst last", "y", ("axis", 1)).Output("y"),
            "Slice" => model.Integers("from", -1).Integers("to", long.MaxValue).Integers("axis", 1)
                .Node("Slice", "batchFirst from to axis", "y").Output("y"),
            _ => model.Integers("parts", e[0] - 1, 1).Node("Split", "batchFirst parts", "before y", ("axis", 1))
                .Output("y"),
        };
    }

    // Extents: steps, batch, inputs, units. The value 'out' is [steps, batch, directions units].
    private static TestModel Stack(
        int[] e, string kind, string direction, int layers, string between, bool state = false)
    {
        var (directions, gates) = (direction == "forward" ? 1 : 2, kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 });
        var (units, inputs, x) = (e[3], e[2], "h");
        var model = Learnt([e[0], e[1], e[2]]).Integers("flat", 0, 0, -1);
        if (between == "lengths") model.Integers("lengths", [.. Enumerable.Repeat((long)e[0] - 1, e[1])]);
        for (var layer = 0; layer < layers; layer++)
        {
            void Weight(string name, params long[] shape) =>
                model.Floats($"{name}{layer}", shape, new float[shape.Aggregate(1L, (a, b) => a * b)]);
            Weight("W", directions, gates * units, inputs);
            Weight("R", directions, gates * units, units);
            Weight("B", directions, 2 * gates * units);
            model.Node(kind,
                [x, $"W{layer}", $"R{layer}", $"B{layer}", between == "lengths" ? "lengths" : ""],
                state ? ["", $"final{layer}"] : [$"all{layer}"], ("hidden_size", units), ("direction", direction));
            if (state) return model;
            model.Node("Transpose", $"all{layer}", $"turned{layer}", ("perm", new long[] { 0, 2, 1, 3 }))
                .Node("Reshape", $"turned{layer} flat", $"flat{layer}");
            x = $"flat{layer}";
            if (between == "Relu") model.Node("Relu", x, x = $"relu{layer}");
            inputs = directions * units;
        }
        model.Node("Identity", x, "out");
        return model;
    }
}
