using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcNode.Configuration;

/// <summary>A network that an experiment file defines: data leaves, parameters and vertices by name.</summary>
internal sealed class GraphSection
{
    private readonly List<(string Name, int[] Extents)> _data = [];
    private readonly List<ParameterSection> _parameters = [];
    private readonly List<(string Name, string Operator, IReadOnlyList<string> Inputs, Attributes Attributes)>
        _vertices = [];

    private GraphSection(string file) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Reads the section <c>graph</c>.</summary>
    /// <exception cref="UsageException">A key is unknown or missing, or a value is wrong.</exception>
    public static GraphSection Read(HoconSection section)
    {
        section.RequireKnown("data", "parameters", "vertices");
        var graph = new GraphSection(section.Source.File);
        if (section.Section("data") is { } data)
        {
            foreach (var (name, _, _) in data.Entries) graph._data.Add((name, data.Extents(name)));
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
            foreach (var (name, extents) in _data) builder.Data(name, new Shape([microBatchSize, .. extents]));
            foreach (var parameter in _parameters) parameter.AddTo(builder, seed);
            foreach (var (name, type, inputs, attributes) in _vertices) builder.Declare(name, type, inputs, attributes);
            return builder.Build();
        }
        catch (Exception e) when (e is GraphException or ShapeException)
        {
            throw new UsageException($"{File}: {e.Message}");
        }
    }

    private void AddVertex(string name, HoconSection section)
    {
        section.RequireKnown("op", "inputs", "attributes");
        var attributes = section.Section("attributes") is { } given
            ? Attributes.Of([.. given.Entries.Select(e => (e.Key, Attribute(given, e.Key)))])
            : Attributes.Empty;
        _vertices.Add((name, section.Text("op"), section.Texts("inputs"), attributes));
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
}
