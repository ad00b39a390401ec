using System.Numerics;
using PcActors.Data;
using PcActors.Onnx;
using PcActors.Tensors;
using PcNode.Configuration;

namespace PcNode.Networks;

/// <summary>A model file.</summary>
internal sealed class OnnxSource : NetworkSource
{
    // What an open dimension that is no batch has where nothing says what it is.
    private const int RandomExtent = 8;

    private OnnxModel? _model;
    private OnnxForm? _form;

    /// <summary>Reads and checks a model file.</summary>
    /// <exception cref="OnnxException">It is none that is read.</exception>
    public OnnxSource(string path)
        : base(path)
    {
        _model = OnnxModel.Load(path);
        HasStandardization = _model.Metadata.TryGetValue(ExportNotes.StandardizationKey, out var done)
            && done != ExportNotes.Nothing;
        WeightsSha256 = _model.Metadata.GetValueOrDefault(ExportNotes.WeightsKey);
        ClassNames = NamesIn(_model.Metadata);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var external = _model.Proto.Graph.Initializer.SelectMany(t => t.ExternalData).Where(e => e.Key == "location");
        Files = [path, .. external.Select(e => Path.Combine(folder, e.Value)).Distinct(StringComparer.Ordinal)];
    }

    public override IReadOnlyList<string> Files { get; }

    public override bool IsArbitrary => true;

    public override bool BringsStandardization => true;

    public override bool HasStandardization { get; }

    /// <summary>The digest of its weights when it was exported, by its own words; null where it has none.</summary>
    public string? WeightsSha256 { get; }

    public override IReadOnlyList<string>? ClassNames { get; }

    // Parameters keep the model's own names, and none is held twice.
    public override int DefaultBlocks => 1;

    public override IReadOnlyList<string> InputNames => [.. Form.Inputs.Select(i => i.Name)];

    public override int? Outputs => Form.OutputWidth;

    public override bool TakesIntegers(string input) => Form.Inputs.FirstOrDefault(i => i.Name == input)?.Type is not
        (null or OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16
            or OnnxElementType.BFloat16);

    /// <summary>What the model is to the settings.</summary>
    public OnnxForm Form => _form ?? throw new InvalidOperationException("the settings are not complete");

    protected override IEnumerable<(Setting, string)> Unheeded =>
        SettingGroups.ModelSizes.Select(s => (s, "built-in models"));

    /// <inheritdoc/>
    public override Settings Complete(Settings settings)
    {
        settings = base.Complete(settings);
        _form = OnnxForm.Read(_model!, settings);
        if (_form.IsDouble) settings = settings.Default(SettingCatalogue.DType, "f64", Name);
        if (_form.FixedBatch is not { } rows) return settings;
        var (batch, micro, replicas) = (settings.Get(SettingCatalogue.Batch), settings.Get(SettingCatalogue.Micro),
            settings.Get(SettingCatalogue.Replicas));
        var samples = (long)rows * micro * replicas;
        if (settings.IsDefault(SettingCatalogue.Batch))
            return settings.Default(SettingCatalogue.Batch, $"{samples}", Name);
        // A model for one sample is widened, if no sample depends on another; the import shows that.
        if (batch == samples || rows == 1) return settings;
        // What nobody has set is no part of it.
        var factors = new (Setting Setting, int Value)[]
            { (SettingCatalogue.Micro, micro), (SettingCatalogue.Replicas, replicas) }
            .Where(f => !settings.IsDefault(f.Setting)).Select(f => $"{settings.OriginOf(f.Setting)} {f.Value}")
            .ToList();
        throw new UsageException(
            $"{settings.OriginOf(SettingCatalogue.Batch)}: the model {Name} has the fixed first dimension {rows}, so "
            + $"a batch has {samples} samples{(factors.Count > 0 ? $" (with {string.Join(" and ", factors)})" : "")}, "
            + $"and {batch} were asked for; for any number export it with a symbolic first dimension (in PyTorch "
            + "dynamic_axes or dynamic_shapes)");
    }

    /// <inheritdoc/>
    public override SourceNetwork<T> Build<T>(Settings settings, int samples, DataForm data)
    {
        // The embedded data set is nobody's wish where nothing was said.
        var form = data.IsRandom || settings.IsDefault(SettingCatalogue.Data) ? Form
            : Form.WithExtentsOf(data.SampleShape);
        var shapes = Form.Inputs.ToDictionary(
            i => i.Name, i => form.ShapeOf(i, samples, data.IsRandom ? RandomExtent : null), StringComparer.Ordinal);
        return Import<T>(shapes);
    }

    /// <summary>The network for inputs of some shapes.</summary>
    /// <exception cref="OnnxException">The model cannot be imported for them.</exception>
    public SourceNetwork<T> Import<T>(IReadOnlyDictionary<string, Shape> shapes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The import takes the parameters over; whoever needs the model again reads the file again.
        var model = Interlocked.Exchange(ref _model, null) ?? OnnxModel.Load(Name);
        return new SourceNetwork<T>(OnnxImport.ToGraph<T>(model, new OnnxImportOptions
        {
            InputShapes = shapes,
            Frozen = Form.Frozen,
            Learning = Form.Learning,
            Rewrite = Form.Rewrite,
            Output = Form.Output,
            TakesOver = true,
        }));
    }

    private static IReadOnlyList<string>? NamesIn(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return metadata.TryGetValue(ExportNotes.ClassNamesKey, out var json) ? ClassLabels.ParseNames(json) : null;
        }
        catch (FormatException)
        {
            // Somebody else's words under this key are no order of classes.
            return null;
        }
    }
}
