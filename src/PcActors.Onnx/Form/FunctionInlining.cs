using System.Globalization;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Form;

/// <summary>Puts the bodies of a model's own functions in the places of their calls.</summary>
internal sealed class FunctionInlining
{
    private const int Deepest = 64;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];
    private readonly Func<string, string> _unique;
    private readonly ModelFile _file;
    private int _count;

    /// <summary>Takes a model's functions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The model's file.</param>
    /// <param name="unique">Makes a name that no other value has.</param>
    /// <exception cref="OnnxException">Two functions have one name.</exception>
    public FunctionInlining(ModelProto model, ModelFile file, Func<string, string> unique)
    {
        (_file, _unique) = (file, unique);
        foreach (var function in model.Functions)
        {
            if (!_functions.TryAdd(KeyOf(function.Domain, function.Name, function.Overload), function))
                throw new OnnxException(file.Source, $"two functions are named '{function.Name}'");
        }
    }

    /// <summary>Nodes without calls of the model's functions.</summary>
    /// <param name="nodes">The nodes of a graph.</param>
    /// <param name="opset">The version of ONNX's operators that they are of.</param>
    /// <exception cref="OnnxException">A function calls itself, or the nodes become too many.</exception>
    public IReadOnlyList<VersionedNode> Inline(IEnumerable<NodeProto> nodes, long opset)
    {
        var result = new List<VersionedNode>();
        foreach (var node in nodes) Add(node, opset, result, []);
        return result;
    }

    private static (string, string, string) KeyOf(string domain, string name, string overload) =>
        (domain == "ai.onnx" ? "" : domain, name, overload);

    private void Add(NodeProto node, long opset, List<VersionedNode> result, List<FunctionProto> callers)
    {
        // Functions that call functions grow as a power of their depth, though they may be empty.
        if (callers.Count > 0 && ++_count > _file.Limits.Nodes)
            throw new OnnxException(_file.Source,
                $"{VersionedNode.NameOf(node)}: with functions inlined the model has over " +
                string.Create(CultureInfo.InvariantCulture, $"{_file.Limits.Nodes} nodes"),
                "fewer are read");
        if (_functions.Count == 0
            || !_functions.TryGetValue(KeyOf(node.Domain, node.OpType, node.Overload), out var function))
        {
            result.Add(new VersionedNode(node, opset));
            return;
        }
        if (callers.Contains(function) || callers.Count == Deepest)
            throw new OnnxException(_file.Source,
                $"{VersionedNode.NameOf(node)}: the function '{function.Name}' calls itself, or calls go over " +
                $"{Deepest} deep");
        var own = function.OpsetImport.FirstOrDefault(o => ModelCheck.IsDefaultDomain(o.Domain))?.Version ?? opset;
        callers.Add(function);
        foreach (var inner in new FunctionCall(node, function, _unique, _file.Source).Body())
            Add(inner, own, result, callers);
        callers.RemoveAt(callers.Count - 1);
    }
}
