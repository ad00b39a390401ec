using PcActors.Onnx;
using PcActors.Onnx.Learning;
using PcActors.Tensors;
using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>What settings and a model file say about each other.</summary>
internal sealed class OnnxForm
{
    private readonly OnnxModel _model;
    private readonly IReadOnlyDictionary<string, int> _extents;

    private OnnxForm(OnnxModel model, string output, IReadOnlyList<string> frozen,
        IReadOnlyDictionary<string, int> extents)
    {
        (_model, Output, Frozen, _extents) = (model, output, frozen, extents);
        Inputs = model.InputsOf(output);
        var floats = Inputs.Select(i => i.Type).Where(t => t is OnnxElementType.Float or OnnxElementType.Double)
            .ToList();
        // Whole numbers alone, such as words, say nothing: then the weights do.
        if (floats.Count == 0)
            floats = [.. model.FloatInitializers.Select(name => (OnnxElementType?)model.Initializers[name].Type)];
        IsDouble = floats.Count > 0 && floats.TrueForAll(t => t == OnnxElementType.Double);
        var first = Inputs.Where(i => i.Dimensions is { Count: > 0 }).Select(i => i.Dimensions![0].Extent).Distinct()
            .ToList();
        var isFixed = Inputs.All(i => i.Dimensions is { } dimensions && dimensions.All(d => d.Extent is not null));
        FixedBatch = isFixed && first is [> 0] ? first[0] : null;
        BatchSymbol = SymbolOfBatch();
    }

    /// <summary>The output that is the root.</summary>
    public string Output { get; }

    /// <summary>How many numbers it has for a sample, [N, C]; null where the file does not say.</summary>
    public int? OutputWidth =>
        _model.Outputs.FirstOrDefault(o => o.Name == Output)?.Dimensions is [_, { Extent: { } extent }] ? extent : null;

    /// <summary>Names and patterns of tensors that do not learn.</summary>
    public IReadOnlyList<string> Frozen { get; }

    /// <summary>Names and patterns of tensors that learn, whatever they look like.</summary>
    public IReadOnlyList<string> Learning { get; private init; } = [];

    /// <summary>Rules by which it is rewritten; null for all.</summary>
    public IReadOnlyList<string>? Rewrite { get; private init; }

    /// <summary>The inputs that lead to the output.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>All inputs.</summary>
    public IReadOnlyList<OnnxValue> AllInputs => _model.Inputs;

    /// <summary>Whether the floats that go in, or else the weights, are of double precision.</summary>
    public bool IsDouble { get; }

    /// <summary>The batch, when every dimension is fixed.</summary>
    public int? FixedBatch { get; }

    /// <summary>Whether the first axis of every input is that of samples.</summary>
    public bool IsBatchFirst => FixedBatch is not null || Inputs.All(i => i.Dimensions is [{ Extent: null }, ..]);

    private string? BatchSymbol { get; }

    /// <summary>Checks the settings of a model file.</summary>
    /// <exception cref="UsageException">One names something that the model does not have.</exception>
    public static OnnxForm Read(OnnxModel model, Settings settings)
    {
        var output = settings.Get(SettingCatalogue.Output) ?? model.Outputs[0].Name;
        Require(settings, SettingCatalogue.Output, "output", output, [.. model.Outputs.Select(o => o.Name)]);
        var frozen = settings.Get(SettingCatalogue.Freeze) ?? [];
        var learning = settings.Get(SettingCatalogue.Learn) ?? [];
        foreach (var name in frozen) RequireTensor(settings, SettingCatalogue.Freeze, name, model.FloatTensors);
        foreach (var name in learning) RequireTensor(settings, SettingCatalogue.Learn, name, model.FloatTensors);
        var symbols = model.Inputs.SelectMany(i => i.Dimensions ?? []).Select(d => d.Symbol).OfType<string>().Distinct()
            .ToList();
        var extents = settings.Get(SettingCatalogue.Dim) ?? new Dictionary<string, int>();
        foreach (var symbol in extents.Keys)
            Require(settings, SettingCatalogue.Dim, "symbolic dimension", symbol, symbols);
        return new OnnxForm(model, output, frozen, extents)
        {
            Learning = learning,
            Rewrite = settings.Get(SettingCatalogue.Rewrite),
        };
    }

    /// <summary>With extents of symbols, where they are not given, that samples have: those of an input of as many axes
    /// whose other extents are the samples'.</summary>
    /// <param name="sample">The shape of a sample.</param>
    public OnnxForm WithExtentsOf(Shape sample)
    {
        var extents = new Dictionary<string, int>(_extents);
        foreach (var input in Inputs)
        {
            if (input.Dimensions is not { } dimensions || dimensions.Count != sample.Rank + 1) continue;
            var found = dimensions.Skip(1).Zip(sample.Dimensions.ToArray())
                .Select(pair => (pair.First.Symbol, Known: pair.First.Extent ?? Known(pair.First), Sample: pair.Second))
                .ToList();
            if (found.Exists(d => d.Known is { } known && known != d.Sample)) continue;
            foreach (var (symbol, known, extent) in found)
            {
                if (known is null && symbol is not null && symbol != BatchSymbol && !IsFirst(symbol))
                    extents[symbol] = extent;
            }
        }
        return new OnnxForm(_model, Output, Frozen, extents) { Learning = Learning, Rewrite = Rewrite };

        int? Known(OnnxDimension dimension) => dimension.Symbol is { } symbol
            && extents.TryGetValue(symbol, out var extent) ? extent : null;
    }

    /// <summary>An input's shape for a micro-batch.</summary>
    /// <param name="input">The input.</param>
    /// <param name="rows">Samples in the micro-batch.</param>
    /// <param name="otherwise">The extent of what stays open; null when nothing may.</param>
    /// <exception cref="UsageException">A dimension stays open.</exception>
    public Shape ShapeOf(OnnxValue input, int rows, int? otherwise)
    {
        if (input.Dimensions is not { } dimensions)
            throw new UsageException(
                $"{_model.Source}: the input '{input.Name}' has no shape in the model; export it with one");
        try
        {
            return new Shape(
                [.. dimensions.Select(
                    (d, axis) => (axis == 0 && FixedBatch == 1 ? rows : d.Extent)
                        ?? OpenExtent(input, d, axis, rows) ?? otherwise
                        ?? throw Open(input, d, axis))]);
        }
        catch (ShapeException e)
        {
            throw new UsageException($"{_model.Source}: the input '{input.Name}' cannot have its shape: {e.Message}");
        }
    }

    private static void RequireTensor(
        Settings settings, Setting setting, string pattern, IReadOnlyList<string> known)
    {
        if (NamePattern.Matches(pattern, known).Count == 0)
            Require(settings, setting, "tensor of floats", pattern, known);
    }

    private static void Require(Settings settings, Setting setting, string kind, string name,
        IReadOnlyList<string> known)
    {
        if (known.Contains(name)) return;
        var suggestion = Suggestion.For(name, known);
        var all = known.Count == 0 ? "it has none"
            : $"there {(known.Count == 1 ? "is" : "are")} {Suggestion.Listing(known)}";
        throw new UsageException($"{settings.OriginOf(setting)}: the model has no {kind} '{name}'{suggestion}; {all}");
    }

    private int? OpenExtent(OnnxValue input, OnnxDimension dimension, int axis, int rows)
    {
        if (dimension.Symbol is { } symbol && _extents.TryGetValue(symbol, out var extent)) return extent;
        if (axis == 0
            || (dimension.Symbol is not null && (dimension.Symbol == BatchSymbol || IsFirst(dimension.Symbol))))
            return rows;
        return null;
    }

    private bool IsFirst(string symbol) =>
        Inputs.Any(i => i.Dimensions is [{ Symbol: { } first }, ..] && first == symbol);

    /// <summary>The only symbol of a model whose first dimensions are all fixed: of
    /// sequences [T, N, ...], say.</summary>
    private string? SymbolOfBatch()
    {
        if (Inputs.Any(i => i.Dimensions is [{ Extent: null }, ..])) return null;
        var symbols = Inputs.SelectMany(i => i.Dimensions ?? []).Select(d => d.Symbol).OfType<string>().Distinct()
            .ToList();
        return symbols is [var only] ? only : null;
    }

    private UsageException Open(OnnxValue input, OnnxDimension dimension, int axis) => new(
        $"{_model.Source}: the input '{input.Name}' has the dimensions [{string.Join(", ", input.Dimensions!)}]; " +
        (dimension.Symbol is { } symbol
            ? $"give the extent of '{symbol}': --dim {symbol}=N"
            : $"dimension {axis} is open and has no symbol; export the model with a number or a symbol there"));
}
