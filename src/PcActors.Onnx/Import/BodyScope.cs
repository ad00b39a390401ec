using PcActors.Onnx.Form;
using PcActors.Onnx.Schema;

namespace PcActors.Onnx.Import;

/// <summary>The names that a graph inside a node has in one import of it: its own ones are made unique, those of its
/// inputs are the given values', and what it reads from outside stays.</summary>
internal sealed class BodyScope
{
    private readonly GraphProto _body;
    private readonly string _prefix;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>Chooses the names.</summary>
    /// <param name="body">The graph.</param>
    /// <param name="inputs">What its inputs are.</param>
    /// <param name="initializers">The names that its initializers have in every import.</param>
    /// <param name="prefix">What its values are named after.</param>
    /// <param name="wanted">The names that its outputs should have; empty or <see cref="Any"/> for any.</param>
    /// <param name="unique">Makes a name unique.</param>
    public BodyScope(
        GraphProto body, IReadOnlyList<Value> inputs, IReadOnlyDictionary<string, string> initializers, string prefix,
        IReadOnlyList<string> wanted, Func<string, string> unique)
    {
        (_body, _prefix) = (body, prefix);
        foreach (var (name, known) in initializers) _names[name] = known;
        foreach (var (input, value) in body.Input.Zip(inputs)) _names[input.Name] = value.Name;
        var outputs = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (place, output) in body.Output.Index()) outputs.TryAdd(output.Name, place);
        foreach (var name in body.Node.SelectMany(n => n.Output).Where(o => o.Length > 0))
        {
            _names[name] = outputs.TryGetValue(name, out var output) && wanted[output] is not ("" or Any)
                ? wanted[output]
                : unique($"{prefix}/{name}");
        }
    }

    /// <summary>Stands for a wanted output that may have any name.</summary>
    public const string Any = "*";

    /// <summary>The graph's nodes under these names.</summary>
    public IEnumerable<NodeProto> Nodes => _body.Node.Select(node =>
    {
        var renamed = Renaming.Renamed(node, NameOf);
        if (renamed.Name.Length > 0) renamed.Name = $"{_prefix}/{renamed.Name}";
        return renamed;
    });

    /// <summary>The name of a value that the graph calls by another.</summary>
    public string NameOf(string name) => _names.GetValueOrDefault(name, name);
}
