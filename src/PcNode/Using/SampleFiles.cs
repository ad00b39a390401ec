using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Inferring;
using PcNode.Networks;
using PcNode.Stepping;

namespace PcNode.Using;

/// <summary>The arrays that <c>--input</c> gives to a network that predicts.</summary>
/// <param name="Arrays">By the names of inputs.</param>
/// <param name="Rows">Samples that are predicted together; null where the arrays have no common first axis, and are
/// predicted whole.</param>
internal sealed record SampleFiles(IReadOnlyDictionary<string, NpyArray> Arrays, int? Rows)
{
    /// <summary>Reads them.</summary>
    /// <param name="given">NAME=FILE each, or FILE alone where there is one input.</param>
    /// <param name="experiment">The network.</param>
    /// <exception cref="UsageException">A name is unknown, doubled or missing, or an array's type is not the
    /// input's.</exception>
    /// <exception cref="PcActors.Data.DataException">A file cannot be read.</exception>
    public static SampleFiles Read(IReadOnlyList<string> given, Experiment experiment)
    {
        if (experiment.Source is not OnnxSource { Form: var form })
            return new SampleFiles(NamedFiles.ReadArrays(InputFiles.Option, given), experiment.Batch);
        var arrays = InputFiles.Read(given, form, experiment.Model);
        var counts = arrays.Values.Select(a => a.Shape.Rank > 0 ? a.Shape[0] : -1).Distinct().ToList();
        if (counts is not [> 0 and var count]) return new SampleFiles(arrays, null);
        // Where some inputs have a first axis of their own, which is no batch's, they are predicted as they are.
        return new SampleFiles(arrays,
            form.FixedBatch ?? (form.IsBatchFirst ? Math.Min(experiment.Batch, count) : null));
    }

    /// <summary>The network for them.</summary>
    /// <param name="request">Which one.</param>
    public SourceNetwork<T> SourceFor<T>(UseRequest request)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => request.Experiment.Source is OnnxSource model
        ? model.Import<T>(Arrays.ToDictionary(
            a => a.Key, a => Rows is { } rows ? a.Value.Shape.With(0, rows) : a.Value.Shape, StringComparer.Ordinal))
        : ExperimentGraphs.SourceFor<T>(request.Experiment, request.Stored?.Form);

    /// <summary>The arrays as tensors, by the names of the network's data leaves.</summary>
    /// <exception cref="UsageException">One is missing or unknown, or an element is none that the input
    /// takes.</exception>
    public IReadOnlyDictionary<string, Tensor<T>> Tensors<T>(SourceNetwork<T> source, string model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = source.Graph;
        var leaves = graph.DataLeaves.Select(v => v.Name).ToList();
        var known = string.Join(", ", leaves.Select(n => $"'{n}'"));
        foreach (var name in Arrays.Keys.Where(name => !leaves.Contains(name)))
            throw new UsageException(
                $"{InputFiles.Option}: {model} has no data leaf '{name}'{Suggestion.For(name, leaves)}; there "
                + $"{(leaves.Count == 1 ? "is" : "are")} {known}");
        var tensors = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
        foreach (var leaf in graph.DataLeaves)
        {
            if (!Arrays.TryGetValue(leaf.Name, out var array))
                throw new UsageException(
                    $"{InputFiles.Option}: the data leaf '{leaf.Name}' of {model} is missing; give "
                    + $"{InputFiles.Option} {leaf.Name}=FILE.npy ({leaf.Shape} for {leaf.Shape[0]} samples)");
            var tensor = new Tensor<T>(array.Shape);
            var given = GivenArray.OfInput(array, $"{InputFiles.Option} {leaf.Name}", leaves.Count) with
            {
                HasSamples = Rows is not null,
            };
            given.CopyTo(tensor);
            WholeNumbers.Require(source, leaf, model, given, tensor);
            tensors.Add(leaf.Name, tensor);
        }
        return tensors;
    }
}
