using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>An import that may have to make a model for one sample one for several, and shows then that it
/// has.</summary>
internal static class WidenedImport
{
    private const int Samples = 2;

    private const string Cure =
        "export it with a symbolic first dimension (in PyTorch dynamic_axes or dynamic_shapes), or take batches of 1";

    /// <summary>The model as a graph.</summary>
    /// <exception cref="OnnxException">It cannot be imported, or not for several samples.</exception>
    public static ImportedModel<T> ToGraph<T>(OnnxModel model, OnnxImportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (WidenedTo(model, options) is not { } batch) return new Importer<T>(model, options).ToGraph();
        if (Difference(model, options, batch, out var shown) is { } difference) throw Error(difference);
        ImportedModel<T> wide;
        try
        {
            wide = new Importer<T>(model, options).ToGraph();
        }
        catch (OnnxException wrong)
        {
            throw Error(wrong.Message);
        }
        if (!wide.Graph.Root.Shape.Equals(shown.With(0, batch)))
            throw Error($"the output is {shown} for {Samples} samples and {wide.Graph.Root.Shape} for {batch}");
        var notice = $"the fixed batch of 1 is widened to {batch}; each sample's prediction is what it was";
        return new ImportedModel<T>(model, wide.Graph, wide.Candidates, [.. wide.Notices, notice])
        {
            Types = wide.Types,
            Stored = wide.Stored,
            Rewritten = wide.Rewritten,
        };

        OnnxException Error(string why) =>
            new(model.Source, $"its fixed batch of 1 cannot be widened to {batch}: {why}", Cure);
    }

    // As few samples as can be mixed: neither time nor memory depends on the batch, and both graphs are gone before the
    // one that is wanted is made.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Difference(OnnxModel model, OnnxImportOptions options, int batch, out Shape root)
    {
        // What cannot be imported for one sample either has another fault.
        var single = new Importer<double>(model, For(model, options, batch, 1)).ToGraph().Graph;
        root = single.Root.Shape;
        try
        {
            var wide = new Importer<double>(model, For(model, options, batch, Samples)).ToGraph().Graph;
            root = wide.Root.Shape;
            return new WidenedComparison(wide, single,
                name => model.Inputs.Single(i => i.Name == name).Type is { } type && !type.IsFloat()).Difference();
        }
        catch (OnnxException wrong)
        {
            return wrong.Message;
        }
    }

    private static int? WidenedTo(OnnxModel model, OnnxImportOptions options)
    {
        foreach (var input in model.Inputs.Where(i => i.Dimensions is [{ Extent: 1 }, ..]))
        {
            if (options.FixedInputs.ContainsKey(input.Name)) continue;
            if (options.InputShapes.TryGetValue(input.Name, out var given))
            {
                if (given is { Rank: > 0 } && given[0] > 1) return given[0];
            }
            else if (options.BatchSize > 1 && input.Dimensions!.All(d => d.Extent is not null))
            {
                return options.BatchSize;
            }
        }
        return null;
    }

    /// <summary>The options for another number of samples.</summary>
    private static OnnxImportOptions For(OnnxModel model, OnnxImportOptions options, int batch, int samples)
    {
        var led = model.Inputs.Where(i => i.Dimensions is [{ Extent: 1 or null }, ..]).ToList();
        var (names, symbols) = (led.Select(i => i.Name).ToHashSet(StringComparer.Ordinal),
            led.Select(i => i.Dimensions![0].Symbol).OfType<string>().ToHashSet(StringComparer.Ordinal));
        return options with
        {
            TakesOver = false,
            BatchSize = options.BatchSize is null ? null : samples,
            Dimensions = options.Dimensions.ToDictionary(d => d.Key,
                d => d.Value == batch && symbols.Contains(d.Key) ? samples : d.Value, StringComparer.Ordinal),
            InputShapes = options.InputShapes.ToDictionary(i => i.Key,
                i => names.Contains(i.Key) && i.Value is { Rank: > 0 } shape && shape[0] == batch
                    ? shape.With(0, samples) : i.Value, StringComparer.Ordinal),
        };
    }
}
