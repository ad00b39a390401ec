using System.Globalization;
using Akka.Configuration.Hocon;

namespace PcNode.Configuration;

/// <summary>One section of a HOCON file, with errors that name the file and the whole key.</summary>
internal sealed class HoconReader
{
    private readonly string _path;

    private HoconReader(string file, string path, HoconValue value)
    {
        (File, _path) = (file, path);
        Entries = [.. value.GetObject().Items.Select(i => (i.Key, i.Value))];
    }

    /// <summary>What messages call the file.</summary>
    public string File { get; }

    /// <summary>The keys and values, in the file's order.</summary>
    public IReadOnlyList<(string Key, HoconValue Value)> Entries { get; }

    /// <summary>The outermost section.</summary>
    public static HoconReader OfRoot(string file, HoconValue root) => root.IsObject()
        ? new HoconReader(file, "", root)
        : throw new UsageException($"{file}: it has no section 'pcactors {{ ... }}'");

    /// <summary>A section within, or null when there is none.</summary>
    /// <exception cref="UsageException">The key has a plain value.</exception>
    public HoconReader? Section(string key)
    {
        if (Find(key) is not { } value) return null;
        if (!value.IsObject()) throw Error(key, $"'{Shown(value)}' is not a section {{ ... }}");
        return new HoconReader(File, Path(key), value);
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A value as text; an array's elements with commas between.</summary>
    /// <exception cref="UsageException">The key is missing, has no value, or is a section.</exception>
    public string Text(string key) => string.Join(',', Texts(key));

    /// <summary>An array's elements as texts; a plain value is an array of one.</summary>
    /// <exception cref="UsageException">The key is missing, has no value, or is a section.</exception>
    public IReadOnlyList<string> Texts(string key)
    {
        var value = Find(key) ?? throw Error(key, "this key is missing");
        if (value.IsObject()) throw Error(key, "this is a section; a value is needed");
        if (!IsArray(key)) return [value.IsString() && value.GetString() is { } text ? text : throw Error(key, "this key has no value")];
        return [.. value.GetArray().Select(element => element.IsString() && element.GetString() is { } text
            ? text
            : throw Error(key, "an element of the array is empty"))];
    }

    /// <summary>Whether a value is an array.</summary>
    /// <exception cref="UsageException">Something follows the array.</exception>
    public bool IsArray(string key)
    {
        if (Find(key) is not { } value || !value.IsArray()) return false;
        var beside = string.Concat(value.Values.OfType<HoconLiteral>().Select(l => l.GetString())).Trim();
        return beside.Length == 0 ? true : throw Error(key, $"'{beside}' stands beside an array");
    }

    /// <summary>A list of extents, each a whole number from 1.</summary>
    /// <exception cref="UsageException">The key is missing or an element is none.</exception>
    public int[] Extents(string key) => [.. Texts(key).Where(t => t.Length > 0).Select(text =>
        ValueTypes.Count.Read(text) is { IsSome: true, Value: var extent }
            ? extent
            : throw Error(key, $"'{text}' is not {ValueTypes.Count.Accepted}"))];

    /// <summary>A number.</summary>
    /// <exception cref="UsageException">The key is missing or no finite number.</exception>
    public double Number(string key) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Error(key, $"'{Text(key)}' is not a finite number");

    /// <summary>Refuses keys that are not known.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RequireKnown(params string[] known)
    {
        foreach (var (key, _) in Entries)
        {
            if (known.Contains(key)) continue;
            throw new UsageException(
                $"{File}: unknown key '{Path(key)}'{Suggestion.For(key, known)}; known are {string.Join(", ", known)}");
        }
    }

    /// <summary>An error of one key.</summary>
    public UsageException Error(string key, string what) => new($"{File}: {Path(key)}: {what}");

    private static string Shown(HoconValue value) => value.IsString() ? value.GetString() : value.ToString();

    private HoconValue? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key) return entry.Value;
        }
        return null;
    }

    private string Path(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
