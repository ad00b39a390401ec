using System.Numerics;
using System.Xml.Linq;
using PcActors.Graphs;
using PcActors.Tracing.Pictures;

namespace PcNode.Drawing;

/// <summary>Draws a graph as SVG: levels from left to right, the root at the right end.</summary>
internal static class GraphSvg
{
    private const int BoxWidth = 148;
    private const int BoxHeight = 38;
    private const int ColumnWidth = 208;
    private const int RowHeight = 54;
    private const int Margin = 28;
    private const int HeaderHeight = 84;
    private const int DotRadius = 7;
    private const int NameLength = 20;
    private const int DetailLength = 26;

    private static readonly string Style = $$"""
        text { font-family: Helvetica, Arial, sans-serif; font-size: 12px; fill: {{Palette.Text.Light}}; text-anchor: middle; }
        .title { font-size: 17px; font-weight: bold; text-anchor: start; }
        .note { fill: {{Palette.Quiet.Light}}; text-anchor: start; }
        .level { fill: {{Palette.Quiet.Light}}; }
        .detail { font-size: 10px; fill: {{Palette.Quiet.Light}}; }
        .edge { fill: none; stroke: {{Palette.Function.Light}}; stroke-width: 1.3; opacity: 0.75; }
        .still { stroke: {{Palette.Edge.Light}}; stroke-dasharray: 5 4; opacity: 1; }
        rect { stroke-width: 1.2; rx: 6px; }
        {{Kind(Palette.Data, 0.16)}}
        {{Kind(Palette.Parameter, 0.16)}}
        {{Kind(Palette.Constant, 0.16)}}
        {{Kind(Palette.Function, 0.02)}}
        {{Kind(Palette.Root, 0.06)}}
        .root { stroke-width: 2.4; }
        .identity { fill: {{Palette.Edge.Light}}; stroke: {{Palette.Function.Light}}; }
        .band { fill: {{Tint(Palette.Band.Light, 0.5)}}; }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A picture of a graph.</summary>
    /// <param name="graph">The graph, levelled or not.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="note">A line under the title.</param>
    /// <param name="places">The node of every vertex, by id, which gives it its colour;
    /// null for colours by kind.</param>
    public static XDocument Draw<T>(Graph<T> graph, string title, string note, IReadOnlyList<int>? places = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layout = GraphLayout.Of(graph);
        var width = (2 * Margin) + (layout.Columns * ColumnWidth);
        var height = HeaderHeight + (layout.Rows * RowHeight) + Margin;
        var picture = new XElement(
            Svg + "svg",
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XElement(Svg + "title", title),
            new XElement(Svg + "style", Style),
            new XElement(Svg + "rect", Box(0, 0, width, height), new XAttribute("fill", Palette.Surface.Light),
                new XAttribute("rx", 0)),
            Label("title", Margin, 30, title),
            new XElement(Svg + "text", new XAttribute("x", Margin), new XAttribute("y", 50), Class("note"), note,
                Key(graph, places)));
        for (var level = 0; level < layout.Columns; level++)
        {
            var x = ColumnX(layout, level);
            if (level % 2 == 0)
                picture.Add(
                    new XElement(Svg + "rect",
                        Box(x - (ColumnWidth / 2.0), HeaderHeight - 24, ColumnWidth, height - HeaderHeight + 12),
                        Class("band")));
            picture.Add(Label("level", x, HeaderHeight - 8, level == 0 ? "level 0, the root" : $"level {level}"));
        }
        picture.Add(graph.Edges.Select(e => DrawEdge(graph, layout, e)));
        picture.Add(graph.Vertices.Select(v => DrawVertex(graph, layout, v, places)));
        return new XDocument(picture);
    }

    /// <summary>What the colours mean, as squares with words behind them.</summary>
    private static IEnumerable<object> Key<T>(Graph<T> graph, IReadOnlyList<int>? places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var kinds = graph.Vertices.Select(v => ClassOf(graph, v)).ToHashSet();
        var entries = places is null
            ? Palette.All.Where(c => kinds.Contains(c.Name)).Select(c => (c.Light, c.Name))
            : places.Distinct().Order().Select(node => (Light: Palette.Series(node), Name: $"node {node + 1}"));
        return entries.SelectMany(e => new object[]
        {
            new XElement(Svg + "tspan", new XAttribute("style", $"fill: {e.Light}; font-size: 15px"),
                new XAttribute("dx", 10), "■"), $" {e.Name}",
        });
    }

    private static XElement DrawEdge<T>(Graph<T> graph, GraphLayout layout, Edge edge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (startX, startY) = Centre(graph, layout, edge.From);
        var (endX, endY) = Centre(graph, layout, edge.To);
        startX += HalfWidth(graph.Vertices[edge.From]);
        endX -= HalfWidth(graph.Vertices[edge.To]);
        var bend = Math.Max((endX - startX) / 2, 20);
        var path = $"M {startX} {startY} C {startX + bend} {startY}, {endX - bend} {endY}, {endX} {endY}";
        return new XElement(
            Svg + "path", new XAttribute("d", path), Class(graph.CarriesError(edge) ? "edge" : "edge still"));
    }

    private static XElement DrawVertex<T>(Graph<T> graph, GraphLayout layout, Vertex<T> vertex,
        IReadOnlyList<int>? places)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, y) = Centre(graph, layout, vertex.Id);
        var hint = new XElement(Svg + "title",
            places is null ? vertex.ToString() : $"{vertex}, node {places[vertex.Id] + 1}");
        var colour = places is null
            ? null
            : new XAttribute("style", $"fill: {Tint(Palette.Series(places[vertex.Id]), 0.34)}");
        if (vertex.IsLevellingIdentity)
        {
            return new XElement(
                Svg + "circle", new XAttribute("cx", x), new XAttribute("cy", y), new XAttribute("r", DotRadius),
                Class("identity"), colour, hint);
        }
        return new XElement(
            Svg + "g",
            hint,
            new XElement(Svg + "rect", Box(x - (BoxWidth / 2.0), y - (BoxHeight / 2.0), BoxWidth, BoxHeight),
                Class(ClassOf(graph, vertex)), colour),
            Label(null, x, y - 3, Shorten(vertex.Name, NameLength)),
            Label("detail", x, y + 12,
                Shorten($"{vertex.Function?.OperatorType ?? ClassOf(graph, vertex)} {vertex.Shape}", DetailLength)));
    }

    private static string ClassOf<T>(Graph<T> graph, Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => vertex.Kind switch
        {
            VertexKind.Data => "data",
            VertexKind.Parameter => vertex.Trainable ? "parameter" : "constant",
            _ => vertex.Id == graph.RootId ? "root" : "function",
        };

    private static string Kind(PaletteColour colour, double share) =>
        $".{colour.Name} {{ fill: {Tint(colour.Light, share)}; stroke: {colour.Light}; }}";

    // Names stand on it.
    private static string Tint(string colour, double share) => Palette.Mix(Palette.Surface.Light, colour, share);

    private static double HalfWidth<T>(Vertex<T> vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => vertex.IsLevellingIdentity ? DotRadius : BoxWidth / 2.0;

    private static double ColumnX(GraphLayout layout, int level) =>
        Margin + ((layout.Columns - 1 - level + 0.5) * ColumnWidth);

    private static (double X, double Y) Centre<T>(Graph<T> graph, GraphLayout layout, int vertex)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (ColumnX(layout, graph.Level(vertex)), HeaderHeight + ((layout.Row(vertex) + 0.5) * RowHeight));

    private static XElement Label(string? style, double x, double y, string text) =>
        new(Svg + "text", new XAttribute("x", x), new XAttribute("y", y), style is null ? null : Class(style), text);

    private static object[] Box(double x, double y, double width, double height) =>
        [new XAttribute("x", x), new XAttribute("y", y), new XAttribute("width", width),
            new XAttribute("height", height)];

    private static XAttribute Class(string name) => new("class", name);

    /// <summary>A long name without its middle: beginnings tell layers apart, ends tell
    /// parts of a layer apart.</summary>
    private static string Shorten(string text, int length) =>
        text.Length <= length ? text : $"{text[..((length - 1) / 2)]}…{text[^(length / 2)..]}";
}
