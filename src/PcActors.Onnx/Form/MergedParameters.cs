using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>Parameters that PyTorch's exporter has merged because they were equal. It keeps one as an initializer, and
/// an Identity gives its value to the name of each other one. What the network itself shares has one name alone, and no
/// such node: so a merged parameter is told from a shared one, and is a tensor of its own again.</summary>
internal static class MergedParameters
{
    // What is taken apart takes memory only when the model is imported.
    private const long MostNumbers = 1 << 24;
    private const int MostTimes = 16;

    /// <summary>Gives each its own initializer in place of its Identity.</summary>
    /// <param name="model">The model; it is changed.</param>
    public static void TakeApart(ModelProto model)
    {
        if (model.ProducerName != "pytorch" || model.Graph is not { } graph) return;
        var initializers = new Dictionary<string, TensorProto>(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer) initializers.TryAdd(tensor.Name, tensor);
        var taken = graph.Input.Concat(graph.Output).Select(v => v.Name).Concat(initializers.Keys)
            .ToHashSet(StringComparer.Ordinal);
        var (copies, nodes) = (new List<TensorProto>(), new HashSet<NodeProto>(ReferenceEqualityComparer.Instance));
        var numbers = 0L;
        foreach (var node in graph.Node)
        {
            if (node is not { OpType: "Identity", Input.Count: 1, Output.Count: 1 }
                || !ModelCheck.IsDefaultDomain(node.Domain) || !IsOfParameter(node.Output[0])
                || !initializers.TryGetValue(node.Input[0], out var tensor) || !IsMerged(tensor)
                || !taken.Add(node.Output[0]))
            {
                continue;
            }
            var copy = tensor.Clone();
            copy.Name = node.Output[0];
            copies.Add(copy);
            nodes.Add(node);
            // A merged parameter may be what another was merged with.
            initializers.Add(copy.Name, copy);
            numbers = unchecked(numbers + NumbersOf(copy));
        }
        if (copies.Count == 0) return;
        // Nobody has looked at the extents yet: they may be any numbers.
        var all = graph.Initializer.Aggregate(0L, (sum, tensor) => unchecked(sum + NumbersOf(tensor)));
        if (numbers < 0 || numbers > Math.Max(MostNumbers, unchecked(MostTimes * all))) return;
        graph.Initializer.Add(copies);
        var others = graph.Node.Where(n => !nodes.Contains(n)).ToList();
        graph.Node.Clear();
        graph.Node.Add(others);
    }

    /// <summary>A parameter's name, such as <c>layers.1.norm.weight</c>: values that nodes compute are called
    /// <c>/layers.1/norm/Add_output_0</c>, and <c>onnx::Add_12</c> or <c>12</c> by older versions.</summary>
    private static bool IsOfParameter(string name) => name.Length > 0 && name[0] != '/'
        && !name.Contains(':', StringComparison.Ordinal) && !name.All(char.IsAsciiDigit);

    // Elements in a field of their own would be copied; PyTorch writes none.
    private static bool IsMerged(TensorProto tensor) =>
        ElementTypes.TryParse(tensor.DataType, out var type) && type.CanLearn()
        && (tensor.HasRawData || tensor.DataLocation == TensorProto.Types.DataLocation.External);

    private static long NumbersOf(TensorProto tensor) => tensor.Dims.Aggregate(1L, (a, b) => unchecked(a * b));
}
