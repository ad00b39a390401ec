using System.Globalization;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>Gives inputs the shapes that a model leaves open.</summary>
internal sealed class InputShapes
{
    private readonly OnnxModel _model;
    private readonly OnnxImportOptions _options;
    private readonly Dictionary<string, int> _symbols;

    /// <summary>Checks the options against the model.</summary>
    /// <exception cref="OnnxException">They name a symbol or an input that the model does not have, or an
    /// extent is not positive.</exception>
    public InputShapes(OnnxModel model, OnnxImportOptions options)
    {
        (_model, _options) = (model, options);
        _symbols = new Dictionary<string, int>(options.Dimensions, StringComparer.Ordinal);
        var known = model.Inputs.SelectMany(i => i.Dimensions ?? []).Select(d => d.Symbol).OfType<string>().Distinct()
            .ToList();
        foreach (var (symbol, extent) in _symbols)
        {
            if (!known.Contains(symbol))
                throw new OnnxException(model.Source, $"no input has a dimension '{symbol}'", Known("symbols", known));
            RequirePositive(symbol, extent);
        }
        foreach (var input in model.Inputs) BindSymbols(input);
        if (options.BatchSize is { } batch) BindBatch(batch);
        foreach (var name in options.FixedInputs.Keys.Concat(options.InputShapes.Keys))
        {
            if (model.Inputs.All(i => i.Name != name))
                throw new OnnxException(model.Source, $"there is no input '{name}'",
                    Known("inputs", model.Inputs.Select(i => i.Name)));
        }
    }

    /// <summary>Samples, where the inputs' first dimensions are fixed at 1 and others are given; null
    /// elsewhere.</summary>
    public int? Widened { get; private set; }

    /// <summary>An input's shape.</summary>
    /// <exception cref="OnnxException">It is not a tensor of a type that is read, or the shape stays open.</exception>
    public Shape Of(OnnxValue input)
    {
        if (input.Type is null)
            throw Error(input, $"is no tensor of a type that is read: {input.Unread}", $"{ElementTypes.Read} are read");
        if (input.Dimensions is not { } dimensions) return Undeclared(input);
        if (_options.FixedInputs.TryGetValue(input.Name, out var value))
        {
            RequireFit(input, dimensions, value.Shape);
            return value.Shape;
        }
        if (_options.InputShapes.TryGetValue(input.Name, out var given))
        {
            if (dimensions is [{ Extent: 1 }, ..] && given is { Rank: > 0 } && given[0] > 1)
            {
                Widen(input, given[0]);
                RequireFit(input, dimensions, given.With(0, 1));
            }
            else
            {
                RequireFit(input, dimensions, given);
            }
            return given;
        }
        var batch = _options.BatchSize;
        var takesBatch = dimensions.Any(d => d.Extent is null);
        if (batch > 1 && dimensions is [{ Extent: 1 }, ..] && !takesBatch)
        {
            Widen(input, batch.Value);
            return new Shape([batch.Value, .. dimensions.Skip(1).Select((d, axis) => Extent(input, d, axis + 1))]);
        }
        if (batch is not null && !takesBatch && dimensions.Count > 0 && dimensions[0].Extent != batch)
        {
            throw Error(
                input, Text($"has the fixed first dimension {dimensions[0].Extent}"),
                Text($"the batch size is {batch}; export the model with a symbolic one, or use the fixed one"));
        }
        try
        {
            return new Shape([.. dimensions.Select((d, axis) => Extent(input, d, axis))]);
        }
        catch (ShapeException wrong)
        {
            throw Error(input, $"cannot have its shape: {wrong.Message}", null);
        }
    }

    private void Widen(OnnxValue input, int samples)
    {
        if (Widened is { } others && others != samples)
            throw Error(input, Text($"is given {samples} samples"), Text($"another input is given {others}"));
        Widened = samples;
    }

    /// <summary>The shape of an input of which the model says none: its value's or its array's.</summary>
    private Shape Undeclared(OnnxValue input)
    {
        if (_options.FixedInputs.TryGetValue(input.Name, out var value)) return value.Shape;
        return _options.InputShapes.TryGetValue(input.Name, out var given)
            ? given
            : throw Error(input, "has no shape in the model", "it takes that of an array, where one is given for it");
    }

    /// <summary>Takes the extents of symbols from an input's whole shape.</summary>
    private void BindSymbols(OnnxValue input)
    {
        if (!_options.InputShapes.TryGetValue(input.Name, out var shape)) return;
        for (var axis = 0; axis < Math.Min(shape.Rank, input.Dimensions?.Count ?? 0); axis++)
        {
            if (input.Dimensions![axis].Symbol is not { } symbol || _symbols.TryAdd(symbol, shape[axis])) continue;
            if (_symbols[symbol] != shape[axis])
            {
                throw Error(
                    input, $"is given the shape {shape} for the dimensions [{Dimensions(input)}]",
                    Text($"'{symbol}' is {_symbols[symbol]} elsewhere, and has one extent in the whole model"));
            }
        }
    }

    private void BindBatch(int batch)
    {
        RequirePositive("batch size", batch);
        foreach (var input in _model.Inputs)
        {
            if (input.Dimensions is [{ Symbol: { } symbol }, ..]) _symbols.TryAdd(symbol, batch);
        }
    }

    private int Extent(OnnxValue input, OnnxDimension dimension, int axis)
    {
        if (dimension.Extent is { } extent) return extent;
        if (dimension.Symbol is { } symbol)
        {
            if (_symbols.TryGetValue(symbol, out extent)) return extent;
            throw Error(input, $"has the dimensions [{Dimensions(input)}]",
                axis == 0 ? "give the batch size" : $"give the extent of '{symbol}'");
        }
        if (axis == 0 && _options.BatchSize is { } batch) return batch;
        throw Error(
            input, $"has the dimensions [{Dimensions(input)}]",
            axis == 0
                ? "give the batch size"
                : Text($"dimension {axis} has no symbol by which its extent could be given"));
    }

    private void RequireFit(OnnxValue input, IReadOnlyList<OnnxDimension> dimensions, Shape shape)
    {
        var fits = dimensions.Count == shape.Rank;
        for (var axis = 0; fits && axis < shape.Rank; axis++)
            fits = dimensions[axis].Extent is not { } extent || extent == shape[axis];
        if (!fits) throw Error(input, $"is given the shape {shape}", $"it should have the shape [{Dimensions(input)}]");
    }

    private void RequirePositive(string what, int extent)
    {
        if (extent <= 0)
            throw new OnnxException(_model.Source, Text($"the extent given for {what} is {extent}"),
                "it must be positive");
    }

    private static string Dimensions(OnnxValue input) => string.Join(", ", input.Dimensions!);

    private static string Known(string kind, IEnumerable<string> names) =>
        names.Any() ? $"its {kind} are {string.Join(", ", names)}" : $"it has no {kind}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private OnnxException Error(OnnxValue input, string found, string? wanted) =>
        new(_model.Source, $"the input '{input.Name}' {found}", wanted);
}
