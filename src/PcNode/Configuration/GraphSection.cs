using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcNode.Configuration;

/// <summary>A network that an experiment file defines: data leaves, parameters and vertices by name.</summary>
internal sealed class GraphSection
{
    private readonly List<(string Name, int[] Extents, bool IsFree)> _data = [];
    private readonly List<ParameterSection> _parameters = [];
    private readonly List<VertexSection> _vertices = [];

    private readonly List<string> _energies = [];
    private readonly List<string> _rates = [];

    private GraphSection(string file) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The names of its data leaves.</summary>
    public IReadOnlyList<string> DataNames => [.. _data.Select(d => d.Name)];

    /// <summary>The energies that it gives to vertices, each as
    /// <see cref="SettingCatalogue.EnergyOf"/> has it.</summary>
    public IReadOnlyList<string> Energies => _energies;

    /// <summary>The inference rates that it gives to vertices, each as <see cref="SettingCatalogue.RateOf"/> has
    /// it.</summary>
    public IReadOnlyList<string> Rates => _rates;

    /// <summary>Reads the section <c>graph</c>.</summary>
    /// <exception cref="UsageException">A key is unknown or missing, or a value is wrong.</exception>
    public static GraphSection Read(HoconSection section)
    {
        section.RequireKnown("data", "parameters", "vertices");
        var graph = new GraphSection(section.Source.File);
        if (section.Section("data") is { } data)
        {
            foreach (var (name, _, value) in data.Entries)
            {
                if (value is not HoconSection)
                {
                    graph._data.Add((name, data.Extents(name), false));
                    continue;
                }
                var leaf = data.Section(name)!;
                leaf.RequireKnown("shape", "free", "energy", "rate");
                graph.AddCoding(name, leaf);
                graph._data.Add((name, leaf.Extents("shape"), leaf.Flag("free", false)));
            }
        }
        if (section.Section("parameters") is { } parameters)
        {
            foreach (var (name, _, _) in parameters.Entries)
                graph._parameters.Add(ParameterSection.Read(name, parameters.Section(name)!));
        }
        if (section.Section("vertices") is { } vertices)
        {
            foreach (var (name, _, _) in vertices.Entries) graph.AddVertex(name, vertices.Section(name)!);
        }
        return graph;
    }

    /// <summary>The graph.</summary>
    /// <param name="microBatchSize">Extent of the first axis of every data leaf.</param>
    /// <param name="seed">Seed of the initial values.</param>
    /// <exception cref="UsageException">The graph cannot be trained; the message names the
    /// file and the vertex.</exception>
    public Graph<T> Build<T>(int microBatchSize, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            var builder = new GraphBuilder<T>(seed);
            foreach (var (name, extents, isFree) in _data)
                builder.Data(name, new Shape([microBatchSize, .. extents]), isFree);
            foreach (var parameter in _parameters) parameter.AddTo(builder, seed);
            foreach (var vertex in _vertices)
                builder.Declare(vertex.Name, vertex.Operator, vertex.Inputs, vertex.Attributes, vertex.IsLatent,
                    vertex.Extents is { } extents ? new Shape([microBatchSize, .. extents]) : null);
            return builder.Build();
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{File}: {e.Message}");
        }
    }

    private void AddVertex(string name, HoconSection section)
    {
        section.RequireKnown("op", "inputs", "attributes", "latent", "shape", "energy", "rate");
        AddCoding(name, section);
        var attributes = section.Section("attributes") is { } given
            ? Attributes.Of([.. given.Entries.Select(e => (e.Key, Attribute(given, e.Key)))])
            : Attributes.Empty;
        _vertices.Add(new VertexSection(
            name, section.Text("op"), section.Texts("inputs"), attributes, section.Flag("latent", false),
            section.Has("shape") ? section.Extents("shape") : null));
    }

    private void AddCoding(string name, HoconSection section)
    {
        if (section.Has("energy")) _energies.Add($"{name}={section.Text("energy")}");
        if (section.Has("rate")) _rates.Add($"{name}={section.Text("rate")}");
    }

    /// <summary>An attribute's value. Its kind is that of the text: a whole number, a number with a point,
    /// true or false, a text.</summary>
    private static object Attribute(HoconSection section, string key)
    {
        var texts = section.Texts(key);
        if (!section.IsArray(key)) return Scalar(texts[0]);
        if (texts.All(t => Scalar(t) is long)) return texts.Select(t => (long)Scalar(t)).ToArray();
        if (texts.All(t => Scalar(t) is long or double))
            return texts.Select(t => Convert.ToDouble(Scalar(t), CultureInfo.InvariantCulture)).ToArray();
        return texts.ToArray();
    }

    private static object Scalar(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : text switch { "true" => true, "false" => false, _ => text };

    /// <summary>A vertex with a function.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Operator">ONNX operator type.</param>
    /// <param name="Inputs">Its inputs' names.</param>
    /// <param name="Attributes">Its attributes.</param>
    /// <param name="IsLatent">Whether it holds a value of its own.</param>
    /// <param name="Extents">The shape of one sample of its value, where it is given: where it closes a cycle.</param>
    private sealed record VertexSection(
        string Name, string Operator, IReadOnlyList<string> Inputs, Attributes Attributes, bool IsLatent,
        int[]? Extents);
}
