using System.Globalization;

namespace PcNode.Configuration;

/// <summary>One section of a HOCON file, with errors that name the file, the line and the whole key.</summary>
/// <param name="Source">The file.</param>
/// <param name="At">Where the section begins in the text.</param>
/// <param name="Path">Its key from the outermost section on, "" for that one.</param>
internal sealed record HoconSection(HoconSource Source, int At, string Path) : HoconValue(At)
{
    private readonly List<HoconEntry> _entries = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    /// <summary>The keys and values, in the file's order.</summary>
    public IReadOnlyList<HoconEntry> Entries => _entries;

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The whole key of one in here.</summary>
    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Adds a value in place of what its key had. (Sections of one key are one section.)</summary>
    public void Set(HoconEntry entry)
    {
        if (_index.TryAdd(entry.Key, _entries.Count)) _entries.Add(entry);
        else _entries[_index[entry.Key]] = entry;
    }

    /// <summary>The section of a key, which is begun if the key has none yet.</summary>
    public HoconSection Open(string key, int keyAt, int at)
    {
        if (Find(key) is { Value: HoconSection existing }) return existing;
        var section = new HoconSection(Source, at, PathOf(key));
        Set(new HoconEntry(key, keyAt, section));
        return section;
    }

    /// <summary>A section within, or null when there is none.</summary>
    /// <exception cref="UsageException">The key has a plain value.</exception>
    public HoconSection? Section(string key) => Find(key)?.Value switch
    {
        null => null,
        HoconSection section => section,
        HoconText { Text: var text } => throw Error(key, $"'{HoconSource.Shown(text)}' is not a section {{ ... }}"),
        _ => throw Error(key, "an array is not a section { ... }"),
    };

    /// <summary>A value as text; an array's elements with commas between.</summary>
    /// <exception cref="UsageException">The key is missing or is a section.</exception>
    public string Text(string key) => string.Join(',', Texts(key));

    /// <summary>An array's elements as texts; a plain value is an array of one.</summary>
    /// <exception cref="UsageException">The key is missing or is a section.</exception>
    public IReadOnlyList<string> Texts(string key) => Find(key)?.Value switch
    {
        HoconText text => [text.Text],
        HoconArray array => [.. array.Elements.Select(e => e.Text)],
        null => throw Error(key, "this key is missing"),
        _ => throw Error(key, "this is a section; a value is needed"),
    };

    /// <summary>Whether a value is an array.</summary>
    public bool IsArray(string key) => Find(key)?.Value is HoconArray;

    /// <summary>A list of extents, each a whole number from 1.</summary>
    /// <exception cref="UsageException">The key is missing or an element is none.</exception>
    public int[] Extents(string key) => [.. Texts(key).Select(text =>
        ValueTypes.Count.Read(text) is { IsSome: true, Value: var extent }
            ? extent
            : throw Error(key, $"'{HoconSource.Shown(text)}' is not {ValueTypes.Count.Accepted}"))];

    /// <summary>Whether something is so.</summary>
    /// <param name="key">The key.</param>
    /// <param name="byDefault">Where the key is missing.</param>
    /// <exception cref="UsageException">The value is neither true nor false.</exception>
    public bool Flag(string key, bool byDefault) => !Has(key) ? byDefault : Text(key) switch
    {
        "true" => true,
        "false" => false,
        var text => throw Error(key, $"'{HoconSource.Shown(text)}' is not true or false"),
    };

    /// <summary>A number.</summary>
    /// <exception cref="UsageException">The key is missing or no finite number.</exception>
    public double Number(string key) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : throw Error(key, $"'{HoconSource.Shown(Text(key))}' is not a finite number");

    /// <summary>Refuses keys that are not known.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RequireKnown(params string[] known)
    {
        foreach (var entry in _entries)
        {
            if (known.Contains(entry.Key)) continue;
            throw Source.Error(
                entry.At,
                $"unknown key '{HoconSource.Shown(PathOf(entry.Key))}'{Suggestion.For(entry.Key, known)}; known are "
                + $"{string.Join(", ", known)}");
        }
    }

    /// <summary>An error of one key: at its value, or at the section when it has none.</summary>
    public UsageException Error(string key, string what) =>
        Source.Error(Find(key)?.Value.At ?? At, $"{PathOf(key)}: {what}");

    private HoconEntry? Find(string key) => _index.TryGetValue(key, out var index) ? _entries[index] : null;
}
