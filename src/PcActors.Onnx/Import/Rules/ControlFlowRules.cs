using System.Globalization;
using PcActors.Functions;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import.Rules;

/// <summary>If, whose condition is known when the model is read: the branch that it chooses takes its place.</summary>
internal static class IfRule
{
    public static void Import(ImportNode node, IEmitter emitter)
    {
        var condition = node.RequiredConstant(0, "cond");
        if (condition.Shape.Length != 1)
            throw node.Error($"its condition has the shape {condition.Shape}", "one element is needed");
        var holds = condition.Values.Span[0] != 0;
        var branch = Bodies.Take(node, holds ? "then_branch" : "else_branch");
        if (branch.Output.Count != node.Outputs.Count)
            throw node.Error($"its branch has {branch.Output.Count} outputs", $"the node has {node.Outputs.Count}");
        emitter.Say($"{node.What}: its condition is always {(holds ? "true" : "false")}, and that branch is taken");
        var results = emitter.Expand(node, branch, [], $"{node.Prefix}/{(holds ? "then" : "else")}",
            Bodies.Read(node.Outputs, emitter));
        Bodies.Define(node, emitter, results, 0);
    }
}

/// <summary>What rules of nodes with graphs share.</summary>
internal static class Bodies
{
    /// <summary>Takes a graph of a node.</summary>
    public static GraphProto Take(ImportNode node, string name) =>
        node.Take<GraphProto?>(name, null) ?? throw node.Error($"its attribute '{name}' is missing");

    /// <summary>Tells how often a node's graph was copied.</summary>
    public static void SayTrips(ImportNode node, IEmitter emitter, int trips) => emitter.Say(string.Create(
        CultureInfo.InvariantCulture, $"{node.What}: unrolled, {trips} trip{(trips == 1 ? "" : "s")}"));

    /// <summary>The names of outputs that somebody reads; empty ones for the others.</summary>
    public static IReadOnlyList<string> Read(IEnumerable<string> outputs, IEmitter emitter) =>
        [.. outputs.Select(o => emitter.IsRead(o) ? o : "")];

    /// <summary>Makes results known as the node's outputs, from one of them on.</summary>
    public static void Define(ImportNode node, IEmitter emitter, IReadOnlyList<Value?> results, int first)
    {
        for (var i = 0; i < results.Count && first + i < node.Outputs.Count; i++)
        {
            var name = node.Outputs[first + i];
            if (results[i] is { } value && emitter.IsRead(name)) Name(emitter, value, name);
        }
    }

    /// <summary>A value under a name of its own, if it has another.</summary>
    private static void Name(IEmitter emitter, Value value, string name)
    {
        if (value.Name == name) return;
        emitter.Define(value switch
        {
            ConstantValue constant => new ConstantValue(name, constant.Tensor),
            SequenceValue sequence => sequence with { Name = name },
            _ => emitter.Apply("Identity", [value], Attributes.Empty, name, value.Type),
        });
    }

    /// <summary>The element of a value at a place along an axis, without the axis.</summary>
    public static Value At(IEmitter emitter, Value value, int axis, int place, string name)
    {
        var slice = emitter.Apply("Slice", [value],
            Attributes.Of(("starts", new[] { place }), ("ends", new[] { place + 1 }), ("axes", new[] { axis })),
            emitter.Unique($"{name}/slice"));
        return emitter.Apply("Squeeze", [slice], Attributes.Of(("axes", new[] { axis })), emitter.Unique(name));
    }

    /// <summary>Values one after the other along a new axis.</summary>
    public static Value Stacked(IEmitter emitter, IReadOnlyList<Value> values, int axis, string name)
    {
        var rows = values.Select((value, i) => emitter.Apply("Unsqueeze", [value],
            Attributes.Of(("axes", new[] { axis })),
            emitter.Unique(string.Create(CultureInfo.InvariantCulture, $"{name}/{i}")))).ToArray();
        return emitter.Apply("Concat", rows, Attributes.Of(("axis", axis)), name, values[0].Type);
    }
}
