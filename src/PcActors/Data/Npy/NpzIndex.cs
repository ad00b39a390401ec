namespace PcActors.Data.Npy;

/// <summary>The arrays of an .npz file, by what they are of and by part.</summary>
internal sealed class NpzIndex
{
    // What features and targets are usually called; the first that is there counts.
    private static readonly string[] FeatureNames =
        ["x", "features", "feature", "images", "image", "data", "inputs", "input", "samples", "arr_0", ""];

    private static readonly string[] TargetNames =
        ["y", "labels", "label", "target", "targets", "classes", "class", "output", "outputs", "arr_1"];

    private readonly string _path;
    private readonly IReadOnlyList<NpzEntry> _entries;
    private readonly Dictionary<string, Dictionary<DataPart, NpzEntry>> _bases = new(StringComparer.Ordinal);

    /// <summary>Reads which arrays there are.</summary>
    /// <exception cref="DataException">The file cannot be read, or has none.</exception>
    public NpzIndex(string path)
    {
        (_path, _entries) = (path, NpzFile.List(path));
        if (_entries.Count == 0) throw new DataException(path, "it has no arrays", "an .npz file holds .npy files");
        foreach (var entry in _entries)
        {
            var (name, part) = ArrayName.Of(entry.Name);
            if (!_bases.TryGetValue(name, out var parts)) _bases.Add(name, parts = []);
            parts.TryAdd(part, entry);
        }
    }

    /// <summary>The arrays, for messages.</summary>
    public string Listing
    {
        get
        {
            // A line is to be read.
            const int Most = 12;
            return "it has " + string.Join(", ", _entries.Take(Most))
                + (_entries.Count > Most ? $" and {_entries.Count - Most} more" : "");
        }
    }

    /// <summary>What is usually called so, or null.</summary>
    public string? Features => Usual(FeatureNames);

    /// <summary>What is usually called so, or null.</summary>
    public string? Target => Usual(TargetNames);

    /// <summary>What there is but for some of it.</summary>
    public IReadOnlyList<string> Others(params string?[] taken) =>
        [.. _bases.Keys.Where(name => !taken.Contains(name))];

    /// <summary>An array that is named: by its whole name, or without its part; null when there is none.</summary>
    public string? Find(string name) =>
        _bases.ContainsKey(name) ? name
        : _bases.FirstOrDefault(b => b.Value.Values.Any(e => e.Name == name)).Key
        ?? _bases.Keys.FirstOrDefault(b => b.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>An array that is named.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public string Require(string name) => Find(name)
        ?? throw new DataException(_path, $"it has no array '{name}'", Listing);

    /// <summary>The parts of some arrays: those that any of them has. One that has parts is not read as a
    /// whole.</summary>
    public IReadOnlyList<DataPart> PartsOf(IEnumerable<string> bases)
    {
        var parts = bases.SelectMany(b => _bases[b].Keys).Distinct().Order().ToList();
        if (parts.Contains(DataPart.Train)) parts.Remove(DataPart.Whole);
        else if (parts.Contains(DataPart.Whole)) parts.RemoveAll(p => p != DataPart.Whole);
        return parts;
    }

    /// <summary>An array of a part.</summary>
    /// <param name="name">What it is of.</param>
    /// <param name="part">The part.</param>
    /// <param name="beside">What it goes with, for the message.</param>
    /// <exception cref="DataException">There is none.</exception>
    public NpzEntry EntryOf(string name, DataPart part, string beside)
    {
        if (_bases[name].TryGetValue(part, out var entry)) return entry;
        var other = _bases[beside].TryGetValue(part, out var found) ? found.Name : beside;
        var missing = NameLike(name, beside, part);
        throw new DataException(_path, $"it has no array {missing}", $"{missing} and {other} go together; {Listing}");
    }

    /// <summary>What an array of a part would be called, by the names that there are.</summary>
    public string NameLike(string name, string beside, DataPart part)
    {
        if (part == DataPart.Whole) return name;
        var model = _bases.TryGetValue(beside, out var parts) && parts.TryGetValue(part, out var entry) ? entry.Name
            : null;
        if (model is null || beside.Length == 0) return $"{name}_{part.ToString().ToLowerInvariant()}";
        var at = model.IndexOf(beside, StringComparison.Ordinal);
        return model[..at] + name + model[(at + beside.Length)..];
    }

    private string? Usual(string[] names) => names
        .Select(n => _bases.Keys.FirstOrDefault(b => b.Equals(n, StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(b => b is not null);
}
