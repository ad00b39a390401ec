using Akka.Configuration;
using Akka.Configuration.Hocon;
using PcActors.Data.Digits;
using PcNode.Experiments;
using PcNode.Networks;

namespace PcNode.Configuration;

/// <summary>A HOCON file with settings below <c>pcactors</c>, and maybe a network of its own. Every key is a known one.</summary>
internal sealed class ConfigurationFile
{
    private const string Root = "pcactors";
    private const string GraphKey = "graph";

    private ConfigurationFile(string name) => Name = name;

    /// <summary>What messages call it: its path as it was given.</summary>
    public string Name { get; }

    /// <summary>The settings that it has, by key below <c>pcactors</c>, in its order. The texts are not checked yet.</summary>
    public IReadOnlyList<(string Key, string Text)> Values { get; private init; } = [];

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
            Values = [.. file.Values.Select(v => (v.Key, IsPath(v.Key, v.Text) ? InFolder(folder, v.Text) : v.Text))],
        };

        // There may be several, of extensions.
        static string InFolder(string folder, string paths) =>
            string.Join(',', paths.Split(',', StringSplitOptions.TrimEntries).Select(path => Path.Combine(folder, path)));
    }

    /// <summary>Reads settings from text.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="text">HOCON.</param>
    /// <exception cref="UsageException">It is no HOCON, or has an unknown key.</exception>
    public static ConfigurationFile Parse(string name, string text)
    {
        var root = HoconReader.OfRoot(name, ParseHocon(name, HoconSyntax.Check(name, text)));
        foreach (var (key, _) in root.Entries)
        {
            if (key != Root) throw new UsageException($"{name}: unknown key '{key}'{Suggestion.For(key, [Root])}; all keys stand below '{Root}'");
        }
        var settings = root.Section(Root) ?? throw new UsageException($"{name}: it has no section '{Root} {{ ... }}'");
        var values = new List<(string, string)>();
        Collect(settings, "", values);
        return new ConfigurationFile(name)
        {
            Values = values,
            Graph = settings.Section(GraphKey) is { } graph ? GraphSection.Read(graph) : null,
        };
    }

    private static HoconValue ParseHocon(string name, string text)
    {
        try
        {
            return ConfigurationFactory.ParseString(text).Root;
        }
        catch (Exception e)
        {
            // The parser throws whatever comes up; all of it means that this is no HOCON.
            throw new UsageException($"{name}: this is not HOCON: {e.Message.ReplaceLineEndings(" ").Trim()}");
        }
    }

    private static void Collect(HoconReader section, string prefix, List<(string, string)> values)
    {
        var known = SettingCatalogue.All.Select(s => s.Key).ToList();
        foreach (var (key, value) in section.Entries)
        {
            var path = prefix + key;
            if (path == GraphKey) continue;
            if (known.Contains(path))
            {
                values.Add((path, section.Text(key)));
            }
            else if (value.IsObject() && known.Exists(k => k.StartsWith(path + ".", StringComparison.Ordinal)))
            {
                Collect(section.Section(key)!, path + ".", values);
            }
            else
            {
                throw new UsageException($"{section.File}: unknown key '{Root}.{path}'{Suggestion.For(path, [.. known, GraphKey])}");
            }
        }
    }

    private static bool IsPath(string key, string text) =>
        (key == SettingCatalogue.Data.Key && text is not (EmbeddedDigits.Name or Experiment.RandomData))
        || (key == SettingCatalogue.Model.Key && OnnxSource.IsNamedBy(text))
        || (key == SettingCatalogue.Extension.Key && text != ValueTypes.Auto)
        || (key == SettingCatalogue.TlsCertificate.Key && text != ValueTypes.Auto)
        || (key == SettingCatalogue.TlsPasswordFile.Key && text != ValueTypes.Auto);
}
