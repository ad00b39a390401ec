using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>What settings say of a network's predictive coding: which vertices are latent or free, and which have an
/// energy or a rate of their own. Vertices have the names of the network before it is divided.</summary>
internal sealed class Coding
{
    private readonly Settings _settings;
    private readonly IReadOnlyList<(string Vertex, Energy Energy)> _energies;
    private readonly IReadOnlyList<(string Vertex, double Rate)> _rates;
    private readonly Latents? _latents;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="UsageException">A value is wrong.</exception>
    public Coding(Settings settings)
    {
        _settings = settings;
        _energies = EnergyTexts.Read(settings.Get(SettingCatalogue.EnergyOf) ?? [],
            settings.OriginOf(SettingCatalogue.EnergyOf));
        _rates = [.. (settings.Get(SettingCatalogue.RateOf) ?? []).Select(Rate)];
        _latents = settings.Get(SettingCatalogue.Latents) is { } text ? Latents.Parse(text) : null;
    }

    /// <summary>The choice of latent vertices, in words.</summary>
    public string LatentsText => _latents?.Text ?? ValueTypes.Auto;

    /// <summary>The choice where it is none by name, which is made before a network is divided.</summary>
    public Latents? Choice => _latents is { IsByName: true } ? null : _latents;

    /// <summary>Whether nothing is to be latent.</summary>
    public bool IsNone => _latents == Latents.None;

    /// <summary>Marks what is chosen by name.</summary>
    /// <param name="graph">The network before it is divided.</param>
    /// <exception cref="UsageException">A name is none of the network's, or of a vertex that does not fit.</exception>
    public Graph<T> Mark<T>(Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var free = _settings.Get(SettingCatalogue.Free) ?? [];
        foreach (var name in free)
        {
            var vertex = Find(graph, name, SettingCatalogue.Free);
            if (vertex.Kind != VertexKind.Data)
                throw new UsageException(
                    $"{_settings.OriginOf(SettingCatalogue.Free)}: the vertex '{name}' is no data leaf; "
                    + "the others that inference moves are those of --latents");
        }
        if (free.Count > 0) graph = graph.With(v => free.Contains(v.Name) ? v with { IsFree = true } : v);
        foreach (var (name, _) in _energies) Find(graph, name, SettingCatalogue.EnergyOf);
        foreach (var (name, _) in _rates) Find(graph, name, SettingCatalogue.RateOf);
        if (_latents is not { IsByName: true }) return graph;
        try
        {
            foreach (var name in _latents.Names) Find(graph, name, SettingCatalogue.Latents);
            return _latents.Mark(graph);
        }
        catch (GraphException e)
        {
            throw new UsageException($"{_settings.OriginOf(SettingCatalogue.Latents)}: {e.Message}");
        }
    }

    /// <summary>What single vertices of the divided network have of their own.</summary>
    public IReadOnlyList<VertexCoding> Of<T>(Graph<T> divided)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var energies = _energies.SelectMany(e => Parts(divided, e.Vertex).Select(name => (Name: name, e.Energy)));
        var rates = _rates.SelectMany(r => Parts(divided, r.Vertex).Select(name => (Name: name, r.Rate)));
        var codings = energies.ToDictionary(e => e.Name, e => new VertexCoding(e.Name, e.Energy),
            StringComparer.Ordinal);
        foreach (var (name, rate) in rates)
            codings[name] = (codings.GetValueOrDefault(name) ?? new VertexCoding(name)) with { InferenceRate = rate };
        return [.. codings.Values];
    }

    /// <summary>The vertex of a name.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="name">The name.</param>
    /// <param name="origin">Who asks for it, for the message.</param>
    /// <param name="isLeaf">Whether it is a data leaf that is asked for.</param>
    /// <exception cref="UsageException">There is none; the message says which is near.</exception>
    public static Vertex<T> Find<T>(Graph<T> graph, string name, string origin, bool isLeaf = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (graph.Vertices.FirstOrDefault(v => v.Name == name) is { } found) return found;
        var leaves = graph.DataLeaves.Select(v => v.Name).ToList();
        // Parameters are asked for by other options.
        var others = graph.Vertices.Where(v => v.Kind == VertexKind.Function && v.Id != graph.RootId)
            .Select(v => v.Name);
        var there = isLeaf ? $"its data {(leaves.Count == 1 ? "leaf is" : "leaves are")} {Suggestion.Listing(leaves)}"
            : $"there are {Suggestion.Listing([.. leaves, graph.Root.Name, .. others])}";
        throw new UsageException($"{origin}: the network has no vertex '{name}'"
            + $"{Suggestion.For(name, graph.Vertices.Select(v => v.Name))}; {there}");
    }

    private Vertex<T> Find<T>(Graph<T> graph, string name, Setting setting)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Find(graph, name, _settings.OriginOf(setting), isLeaf: setting == SettingCatalogue.Free);

    /// <summary>What a vertex has become: itself, its replicas, or its blocks or units,
    /// perhaps with replicas.</summary>
    private static List<string> Parts<T>(Graph<T> divided, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var form in new[] { "", "@\\d+", "/(unit)?\\d+(@\\d+)?" })
        {
            var parts = divided.Vertices.Where(v => Regex.IsMatch(v.Name, $"^{Regex.Escape(name)}{form}$")
                && (v.IsLatent || v.Kind == VertexKind.Data || form.Length == 0)).Select(v => v.Name).ToList();
            if (parts.Count > 0) return parts;
        }
        return [name];
    }

    private (string Vertex, double Rate) Rate(string text)
    {
        var origin = _settings.OriginOf(SettingCatalogue.RateOf);
        var at = text.LastIndexOf('=');
        if (at < 1) throw new UsageException($"{origin}: '{text}' is not NAME=RATE");
        return double.TryParse(text[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
            && rate > 0 && double.IsFinite(rate)
            ? (text[..at], rate)
            : throw new UsageException(
                $"{origin}: '{text[(at + 1)..]}' is not {ValueTypes.Rate.Accepted}, which the rate of '{text[..at]}' "
                + "must be");
    }
}
