using System.Globalization;
using PcActors.Tensors;

namespace PcActors.Onnx.Import.Rules;

/// <summary>Loop, unrolled: its number of trips, or the condition of each, must be known at import.</summary>
internal static class LoopRule
{
    private const int FirstState = 2;

    public static void Import(ImportNode node, IEmitter emitter)
    {
        var body = Bodies.Take(node, "body");
        var states = node.Inputs.Count - FirstState;
        if (body.Input.Count != states + FirstState || body.Output.Count < states + 1)
            throw node.Error(
                string.Create(CultureInfo.InvariantCulture,
                    $"its body has {body.Input.Count} inputs and {body.Output.Count} outputs for {states} states"),
                "a trip number, a condition and the states come in; a condition, the states and stacks go out");
        var trips = Math.Max(0, node.Whole(0, "M") ?? long.MaxValue);
        var goesOn = node.Whole(1, "cond") != 0;
        var values = node.Inputs.Skip(FirstState).Select((v, i) => v ?? throw node.Error($"its state {i} is missing"))
            .ToArray();
        var stacks = new List<Value>[body.Output.Count - states - 1];
        for (var i = 0; i < stacks.Length; i++) stacks[i] = [];
        var trip = 0;
        for (; trip < trips && goesOn; trip++)
        {
            if (trip == emitter.Budget.Limits.Trips)
                throw node.Error(
                    string.Create(CultureInfo.InvariantCulture, $"it makes over {emitter.Budget.Limits.Trips} trips"),
                    "fewer can be unrolled");
            var name = string.Create(CultureInfo.InvariantCulture, $"{node.Prefix}/{trip}");
            var number = new ConstantValue(emitter.Unique($"{name}/trip"), OnnxTensor.Of(Shape.Scalar, trip));
            var condition = new ConstantValue(emitter.Unique($"{name}/condition"),
                OnnxTensor.Of(OnnxElementType.Bool, Tensor<double>.Scalar(1)));
            var results = emitter.Expand(node, body, [number, condition, .. values], name,
                [.. body.Output.Select(_ => BodyScope.Any)]);
            goesOn = results[0] switch
            {
                ConstantValue { Shape.Length: 1 } constant => constant.Tensor.Values.Span[0] != 0,
                VertexValue { Shape.Length: 1, Stored: { } stored } => stored.Value.Values.Span[0] != 0,
                _ => throw node.Error($"after trip {trip} its condition depends on data, or is not one element",
                    "it must be known when the model is read, as its number of trips"),
            };
            for (var i = 0; i < states; i++) values[i] = results[1 + i]!;
            for (var i = 0; i < stacks.Length; i++) stacks[i].Add(results[1 + states + i]!);
        }
        Bodies.SayTrips(node, emitter, trip);
        Bodies.Define(node, emitter, values, 0);
        for (var i = 0; i < stacks.Length && states + i < node.Outputs.Count; i++)
        {
            var output = node.Outputs[states + i];
            if (!emitter.IsRead(output)) continue;
            if (trip == 0) throw node.Error($"it makes no trip, and its output '{output}' is read");
            emitter.Define(Bodies.Stacked(emitter, stacks[i], 0, output));
        }
    }
}

/// <summary>Scan, unrolled: a trip for each element along an axis.</summary>
internal static class ScanRule
{
    // The older form has a batch axis and lengths of its own.
    private const long OldestOpset = 9;

    public static void Import(ImportNode node, IEmitter emitter)
    {
        if (node.Opset < OldestOpset) throw node.Error("it is Scan of opset 8", "that of opset 9 and later is read");
        var body = Bodies.Take(node, "body");
        var scanned = (int)node.Take("num_scan_inputs", 0L);
        var states = node.Inputs.Count - scanned;
        if (scanned < 1 || states < 0 || body.Input.Count != node.Inputs.Count || body.Output.Count < states)
            throw node.Error(string.Create(CultureInfo.InvariantCulture,
                $"it has {node.Inputs.Count} inputs, {scanned} of them scanned, and its body {body.Input.Count}"));
        var stacked = body.Output.Count - states;
        var (inputAxes, inputBackwards) = Layout(node, "input", scanned);
        var (outputAxes, outputBackwards) = Layout(node, "output", stacked);
        var values = node.Inputs.Take(states).Select((_, i) => node.Required(i)).ToArray();
        var scans = Enumerable.Range(states, scanned).Select(node.Required).ToArray();
        var axes = scans.Select((v, i) => Axis(node, inputAxes[i], v.Shape.Rank)).ToArray();
        var trips = scans[0].Shape[axes[0]];
        var most = emitter.Budget.Limits.Trips;
        if (scans.Zip(axes).Any(s => s.First.Shape[s.Second] != trips) || trips == 0 || trips > most)
            throw node.Error($"it scans {string.Join(" and ", scans.Select(s => $"{s.Shape}"))}",
                $"1 to {most} trips, as many for each input, can be unrolled");
        var stacks = new List<Value>[stacked];
        for (var i = 0; i < stacked; i++) stacks[i] = [];
        for (var trip = 0; trip < trips; trip++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{node.Prefix}/{trip}");
            var elements = scans.Select((v, i) => Bodies.At(emitter, v, axes[i],
                inputBackwards[i] ? trips - 1 - trip : trip, $"{name}/{body.Input[states + i].Name}"));
            var results = emitter.Expand(node, body, [.. values, .. elements], name,
                [.. body.Output.Select(_ => BodyScope.Any)]);
            for (var i = 0; i < states; i++) values[i] = results[i]!;
            for (var i = 0; i < stacked; i++) stacks[i].Add(results[states + i]!);
        }
        for (var i = 0; i < stacked; i++)
        {
            if (outputBackwards[i]) stacks[i].Reverse();
        }
        Bodies.SayTrips(node, emitter, trips);
        Bodies.Define(node, emitter, values, 0);
        for (var i = 0; i < stacked && states + i < node.Outputs.Count; i++)
        {
            var output = node.Outputs[states + i];
            if (emitter.IsRead(output))
                emitter.Define(Bodies.Stacked(emitter, stacks[i],
                    Axis(node, outputAxes[i], stacks[i][0].Shape.Rank + 1), output));
        }
    }

    private static (long[] Axes, bool[] Backwards) Layout(ImportNode node, string which, int count)
    {
        var axes = node.Take($"scan_{which}_axes", new long[count]);
        var directions = node.Take($"scan_{which}_directions", new long[count]);
        return axes.Length == count && directions.Length == count
            ? (axes, Array.ConvertAll(directions, d => d != 0))
            : throw node.Error($"it has {axes.Length} axes and {directions.Length} directions for {count} {which}s");
    }

    private static int Axis(ImportNode node, long axis, int rank)
    {
        var place = axis < 0 ? axis + rank : axis;
        return place >= 0 && place < rank ? (int)place : throw node.Error($"its axis {axis} is none of {rank}");
    }
}
