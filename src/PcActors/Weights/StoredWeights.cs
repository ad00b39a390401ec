using System.Numerics;
using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Weights;

/// <summary>Parameters as a file has them.</summary>
/// <param name="Source">The file.</param>
/// <param name="Values">The parameters, by name.</param>
/// <param name="Standardization">What is done to features before the network takes them; null for nothing, and where
/// the file does not say.</param>
public sealed record StoredWeights<T>(string Source, IReadOnlyDictionary<string, Tensor<T>> Values,
    Standardization? Standardization)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the file says what is done to features, be it nothing.</summary>
    public bool SaysStandardization { get; init; }

    // A line is to be read.
    private const int MostNames = 5;

    /// <summary>The values of a graph's parameters, in its order: what learns and running statistics must be
    /// here; of what no step changes, the graph's own value stands where there is none.</summary>
    /// <param name="graph">The graph, not cut into blocks.</param>
    /// <exception cref="DataException">A name is missing, superfluous, or of another shape; the message names
    /// all.</exception>
    public IReadOnlyList<NamedTensor<T>> For(Graph<T> graph)
    {
        var known = graph.Parameters.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var missing = known.Values.Where(v => (v.Trainable || graph.Running(v.Id) is not null)
            && !Values.ContainsKey(v.Name)).Select(v => v.Name).ToList();
        var superfluous = Values.Keys.Where(name => !known.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        var misfits = known.Values
            .Where(v => Values.TryGetValue(v.Name, out var value) && !value.Shape.Equals(v.Shape))
            .Select(v => $"'{v.Name}' of shape {Values[v.Name].Shape} for {v.Shape}").ToList();
        string?[] faults =
        [
            Fault("it lacks", missing.ConvertAll(Quoted)), Fault("it has no use for", superfluous.ConvertAll(Quoted)),
            Fault("it has", misfits),
        ];
        if (faults.OfType<string>().ToList() is { Count: > 0 } found)
            throw new DataException(Source, string.Join("; ", found),
                $"the network's parameters are {Names([.. known.Keys.Select(Quoted)])}");
        return
        [
            .. known.Values.Select(v => new NamedTensor<T>(v.Name, Values.GetValueOrDefault(v.Name) ?? v.Initial!)),
        ];
    }

    private static string? Fault(string what, List<string> names) =>
        names.Count == 0 ? null : $"{what} {Names(names)}";

    private static string Quoted(string name) => $"'{name}'";

    private static string Names(List<string> names) => string.Join(", ", names.Take(MostNames))
        + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
