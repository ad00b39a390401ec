using System.Numerics;
using PcActors.Onnx.Learning;
using PcNode.Networks;
using PcNode.Output;

namespace PcNode.Reports;

/// <summary>A network's parameters, as its source has them: which learn, and why the others do not.</summary>
internal static class ParameterTable
{
    /// <summary>A row a parameter.</summary>
    public static FittingTable Of<T>(SourceNetwork<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var table = new FittingTable(
            new Column("parameter", IsText: true), new Column("shape", IsText: true),
            new Column("learns", IsText: true), new Column("why not", IsText: true))
        { Required = 3 };
        foreach (var row in Rows(source))
            table.AddRow(row.Name, row.Shape.ToString(), row.Learns ? "yes" : "no", row.Reason ?? "");
        return table;
    }

    /// <summary>The rows for JSON.</summary>
    public static object Json<T>(SourceNetwork<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Json(Rows(source));

    /// <summary>Parameters for JSON.</summary>
    public static object Json(IEnumerable<OnnxParameter> parameters) => parameters.Select(p => new (string, object?)[]
    {
        ("name", p.Name), ("shape", p.Shape.ToString()), ("learns", p.Learns), ("why", p.Reason),
    }).ToList();

    private static IEnumerable<OnnxParameter> Rows<T>(SourceNetwork<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => source.Candidates.Count > 0
        ? source.Candidates
        : source.Graph.Parameters.Select(v => new OnnxParameter(v.Name, v.Shape,
            v.Trainable && source.Graph.RequiresError(v.Id),
            v.Trainable && source.Graph.RequiresError(v.Id) ? null
            : source.Graph.Running(v.Id) is not null ? "it is a running statistic, which each step moves"
            : v.Trainable ? "no error reaches it" : "it is a constant"));
}
