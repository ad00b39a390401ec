using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data.Npy;

/// <summary>A data set in an .npz file, its arrays under usual names or such as are asked for: whole, or in parts as
/// x_train, y_train, x_test, y_test.</summary>
internal sealed class NpzDataset
{
    private readonly string _path;
    private readonly DatasetOptions _options;
    private readonly NpzIndex _index;
    private readonly string _features;
    private readonly string? _target;
    private readonly bool _hasFeatures;
    private readonly bool _keepsFeatures;
    private readonly IReadOnlyDictionary<string, string> _named;

    private NpzDataset(string path, DatasetOptions options)
    {
        (_path, _options, _index) = (path, options, new NpzIndex(path));
        var asked = options.Inputs.Where(name => !Feed.Arrays.Contains(name)).ToList();
        var leaves = options.Inputs.Count > 0 ? [] : options.Leaves.Where(n => _index.Find(n) is not null).ToList();
        // By the names by which they are asked for.
        _named = asked.Concat(leaves).Distinct().ToDictionary(n => n, _index.Require, StringComparer.Ordinal);
        (_target, var missing) = TargetOf();
        var only = asked is [var single] && !options.Inputs.Contains(Feed.Features) && options.Target != Feed.Features
            ? _named[single] : null;
        // What is called as the features is and should be predicted, is they themselves: an autoencoder's target.
        if (options.NamedTarget is not null && _target == (only ?? _index.Features)) _target = null;
        var usual = _index.Features is { } name && name != _target ? name : null;
        var first = _named.Values.FirstOrDefault(b => b != _target);
        var rest = options.NamedTarget is not null && _index.Others(_target) is [var other] ? other : null;
        (_hasFeatures, _features) = only is not null ? (true, only)
            : usual is not null ? (true, usual)
            : first is not null ? (false, first)
            : rest is not null ? (true, rest)
            : throw NoFeatures();
        _keepsFeatures = options.KeepsFeatures || options.AsTheyAre.Any(n => _index.Find(n) == _features);
        if (missing is not null) throw missing(_features);
    }

    /// <summary>The data set. Its numbers are taken as they are.</summary>
    /// <exception cref="DataException">An array is missing, or its shape or a label is wrong.</exception>
    public static FoundData<T> Read<T>(string path, DatasetOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var set = new NpzDataset(path, options);
        return Layouts.Apply(set.Read<T>(), options.Layout);
    }

    private FoundData<T> Read<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bases = _named.Values.Append(_features).Append(_target).OfType<string>().Distinct().ToList();
        var parts = _index.PartsOf(bases);
        var beside = new Func<string, DataPart, NpzEntry>((name, part) =>
            _index.EntryOf(name, part, bases.First(b => b != name || bases.Count == 1)));
        if (!parts.Contains(DataPart.Train) && !parts.Contains(DataPart.Whole)) beside(_features, DataPart.Train);
        var wanted = parts.SelectMany(p => bases.Select(b => beside(b, p).Name)).ToHashSet(StringComparer.Ordinal);
        var arrays = NpzFile.Read(_path, wanted.Contains);
        FoundPart<T>? Of(DataPart part) =>
            parts.Contains(part) ? Part<T>(name => arrays[beside(name, part).Name], n => beside(n, part).Name) : null;
        return new FoundData<T>(_path, Of(DataPart.Train) ?? Of(DataPart.Whole)!, Of(DataPart.Test))
        {
            Validation = Of(DataPart.Validation),
            FeaturesName = _hasFeatures ? NameOf(_features) : null,
            TargetName = _target is null ? null : _options.NamedTarget ?? _target,
            Notice = NoticeOf(name => beside(name, parts.First(p => p is DataPart.Train or DataPart.Whole)), parts),
        };
    }

    private FoundPart<T> Part<T>(Func<string, NpyArray> array, Func<string, string> nameOf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var samples = array(_features);
        if (samples.Shape.Rank < 1 || samples.Shape.Length == 0)
            throw new DataException(samples.Source, $"its shape is {samples.Shape}",
                "[N, ...] with at least one sample of at least one element is needed");
        var count = samples.Shape[0];
        var arrays = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
        ArrayOrigin OriginOf(string name) => new(_path, nameOf(name));
        var origins = new Dictionary<string, ArrayOrigin> { [Feed.Features] = OriginOf(_features) };
        foreach (var (name, source) in _named)
        {
            if (_hasFeatures && source == _features) continue;
            RequireRows(array(source), count, samples, "there must be a row for each sample");
            arrays[name] = ExactNumbers.Of<T>(array(source));
            origins[name] = OriginOf(source);
        }
        FoundTarget? target = null;
        if (_target is not null)
        {
            RequireRows(array(_target), count, samples, "there must be one label a sample: [N] or [N, 1]");
            target = FoundTarget.Of(array(_target)) with { Origin = OriginOf(_target) };
        }
        return new FoundPart<T>(samples.Source, Features<T>(samples), target) { Arrays = arrays, Origins = origins };
    }

    /// <summary>What the features are called where they are asked for.</summary>
    private string NameOf(string features) =>
        _options.NamedTarget is { } target && _index.Find(target) == features ? target
        : _named.FirstOrDefault(n => n.Value == features).Key ?? features;

    private static void RequireRows(NpyArray array, int count, NpyArray samples, string wanted)
    {
        if (array.Shape.Rank == 0 || array.Shape[0] != count || array.Shape.Length == 0)
            throw new DataException(array.Source, $"its shape is {array.Shape} beside {samples.Shape} of "
                + samples.Source[(samples.Source.LastIndexOf(' ') + 1)..], wanted);
    }

    private Tensor<T> Features<T>(NpyArray array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_hasFeatures)
        {
            var features = Rows(_keepsFeatures ? ExactNumbers.Of<T>(array) : array.ToTensor<T>());
            // Here they have the file's order of axes still.
            Dataset<T>.RequireFinite(new ArrayOrigin(array.Source), features, "features");
            return features;
        }
        // The first of the inputs stands for a sample's shape; it may be a mask of infinities.
        var first = ExactNumbers.Of<T>(array);
        foreach (var element in first.Span)
        {
            if (!T.IsFinite(element)) return new Tensor<T>(first.Shape);
        }
        return first;
    }

    /// <summary>Features of one number a sample may be [N].</summary>
    private static Tensor<T> Rows<T>(Tensor<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        features.Shape.Rank == 1 ? features.Reshape(new Shape(features.Length, 1)) : features;

    private (string? Target, Func<string, DataException>? Missing) TargetOf()
    {
        if (_options.NamedTarget is { } name) return (_index.Require(name), null);
        if (!_options.NeedsTarget) return (null, null);
        if (_index.Target is { } usual) return (usual, null);
        return (null, NoTarget);
    }

    private DataException NoTarget(string features)
    {
        var missing = _index.NameLike("y", features, _index.PartsOf([features])[0]);
        return new DataException(_path, $"it has no array {missing}, nor another that is known as a target",
            $"name the target's array; {_index.Listing}");
    }

    private DataException NoFeatures() => _index.Target is { } target && _options.NamedTarget is null
        ? new DataException(_path, $"it has no array {_index.NameLike("x", target, _index.PartsOf([target])[0])}",
            $"features and labels go together; {_index.Listing}")
        : new DataException(_path, "it has no features that are known by name",
            "it should hold x_train and y_train, with x_test and y_test or without, or x and y; of others name those "
            + $"that inputs and target get; {_index.Listing}");

    private string NoticeOf(Func<string, NpzEntry> entry, IReadOnlyList<DataPart> parts)
    {
        var words = new List<string>();
        if (_hasFeatures) words.Add($"features are {entry(_features)}");
        var further = _named.Values.Where(n => !_hasFeatures || n != _features).Distinct().ToList();
        if (further.Count > 0) words.Add($"inputs {string.Join(", ", further.Select(entry))}");
        if (parts.Contains(DataPart.Validation)) words.Add("with a validation part");
        if (parts.Contains(DataPart.Test)) words.Add("with a test part");
        else words.AddRange(_options.HeldOut);
        if (_target is not null) words.Add($"the target is {entry(_target)}");
        return $"{_path}: {string.Join("; ", words)}";
    }
}
