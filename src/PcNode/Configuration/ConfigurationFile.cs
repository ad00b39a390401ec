using PcActors.Data.Digits;

namespace PcNode.Configuration;

/// <summary>A HOCON file with settings below <c>pcactors</c>, and maybe a network of its own. Every
/// key is a known one.</summary>
internal sealed class ConfigurationFile
{
    private const string Root = "pcactors";
    private const string GraphKey = "graph";
    private const int LargestBytes = 4 << 20;

    private static readonly HashSet<string> Known = [.. SettingGroups.All.Select(s => s.Key)];
    private static readonly string[] Nameable = [.. Known, GraphKey];

    private ConfigurationFile(string name) => Name = name;

    /// <summary>What messages call it: its path as it was given.</summary>
    public string Name { get; }

    /// <summary>The settings that it has, by key below <c>pcactors</c>, in its order. The texts
    /// are not checked yet.</summary>
    public IReadOnlyList<ConfiguredValue> Values { get; private init; } = [];

    /// <summary>The network that it defines, if it does.</summary>
    public GraphSection? Graph { get; private init; }

    /// <summary>Whether a name on the command line means such a file.</summary>
    public static bool IsNamedBy(string model) => model.EndsWith(".conf", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file. A relative path of data or a model in it is taken from the file's folder.</summary>
    /// <exception cref="UsageException">It cannot be read, is no HOCON, or has an unknown key.</exception>
    public static ConfigurationFile Load(string path)
    {
        string text;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestBytes })
                throw new UsageException($"{path}: it has more than the 4 MB that are read");
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: it cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
        var file = Parse(path, text);
        var folder = Path.GetDirectoryName(path) ?? "";
        return new ConfigurationFile(path)
        {
            Graph = file.Graph,
            Values = [
                .. file.Values.Select(v => IsPath(v.Key, v.Text) ? v with { Text = InFolder(folder, v.Text) } : v)],
        };

        // There may be several, of extensions.
        static string InFolder(string folder, string paths) =>
            string.Join(',',
                paths.Split(',', StringSplitOptions.TrimEntries).Select(path => Path.Combine(folder, path)));
    }

    /// <summary>Reads settings from text.</summary>
    /// <exception cref="UsageException">It is no HOCON, or has an unknown key.</exception>
    public static ConfigurationFile Parse(string name, string text)
    {
        var source = new HoconSource(name, text);
        var root = HoconParser.Read(source);
        foreach (var entry in root.Entries)
        {
            if (entry.Key != Root)
            {
                throw source.Error(
                    entry.At,
                    $"unknown key '{HoconSource.Shown(entry.Key)}'{Suggestion.For(entry.Key, [Root])}; all keys "
                    + $"stand below '{Root}'");
            }
        }
        var settings = root.Section(Root) ?? throw source.Error(0, $"it has no section '{Root} {{ ... }}'");
        var values = new List<ConfiguredValue>();
        Collect(settings, "", values);
        return new ConfigurationFile(name)
        {
            Values = values,
            Graph = settings.Section(GraphKey) is { } graph ? GraphSection.Read(graph) : null,
        };
    }

    private static void Collect(HoconSection section, string prefix, List<ConfiguredValue> values)
    {
        foreach (var entry in section.Entries)
        {
            var path = prefix + entry.Key;
            if (path == GraphKey) continue;
            if (Known.Contains(path))
                values.Add(
                    new ConfiguredValue(path, section.Text(entry.Key),
                        $"{section.Source.Place(entry.Value.At)}: {Root}.{path}"));
            else if (entry.Value is HoconSection below
                && Known.Any(k => k.StartsWith(path + ".", StringComparison.Ordinal)))
                Collect(below, path + ".", values);
            else
                throw section.Source.Error(entry.At,
                    $"unknown key '{HoconSource.Shown($"{Root}.{path}")}'{Suggestion.For(path, Nameable)}");
        }
    }

    private static bool IsPath(string key, string text) =>
        (key == SettingCatalogue.Data.Key && text is not (EmbeddedDigits.Name or ValueTypes.RandomData))
        || (key == SettingCatalogue.Model.Key && ValueTypes.IsModelFile(text))
        || (key == SettingCatalogue.WeightFile.Key && text != ValueTypes.Auto)
        || (key == SettingCatalogue.Extension.Key && text != ValueTypes.Auto)
        || (key == SettingCatalogue.TlsCertificate.Key && text != ValueTypes.Auto)
        || (key == SettingCatalogue.TlsPasswordFile.Key && text != ValueTypes.Auto);
}

/// <summary>What a file sets a key to.</summary>
/// <param name="Key">The key, below <c>pcactors</c>.</param>
/// <param name="Text">The value, not checked yet.</param>
/// <param name="Origin">Where it stands, for messages.</param>
internal sealed record ConfiguredValue(string Key, string Text, string Origin);
