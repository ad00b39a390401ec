using System.Numerics;
using PcActors.Graphs;
using PcActors.Onnx.Export;
using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>Writes model files. A file is replaced only when the new one is complete; when writing
/// fails, nothing is left. Behind a link the file is written that it leads to; a device or a pipe is written straight
/// into.</summary>
public static class OnnxExport
{
    // What a protobuf message can hold, with room for what surrounds the tensors.
    internal const long LargestModel = int.MaxValue - (1L << 20);

    /// <summary>Writes a model that was imported with new values of its parameters, and
    /// everything else as it was.</summary>
    /// <remarks>Elements keep the type that they have in the model. External data moves into the
    /// model file, or, when that would be larger than 2 GB, into one file beside it, named after it with
    /// <c>.data</c> appended.</remarks>
    /// <param name="imported">The model.</param>
    /// <param name="parameters">The value of every parameter that learns, by name; others may be
    /// there and are not written.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What the model has besides; null for nothing.</param>
    /// <exception cref="OnnxException">A parameter is missing or has another shape, an input that is to be standardised
    /// is not there, or the file cannot be written.</exception>
    public static void Save<T>(ImportedModel<T> imported, IReadOnlyDictionary<string, Tensor<T>> parameters,
        string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Save(imported, parameters, path, options, LargestModel);

    /// <summary>Writes a graph as a model of its own.</summary>
    /// <remarks>
    /// <para>Vertices keep their names. Parameters that learn become initializers, others constants.
    /// Where every vertex allows it, the first dimension of the data leaves and of what follows from them is the symbol
    /// <c>batch</c>. The file is of opset 17, or of a later one when an operator needs that.</para>
    /// <para>A number in an attribute is written as the nearest float, and with all its digits into the attribute's
    /// <c>doc_string</c> where the import would take the float for another one. A chain of element-wise functions is
    /// written as its functions.</para>
    /// <para>A graph that is cut into blocks is exported from before the cut, with the parameters joined.</para>
    /// </remarks>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">Values of parameters, by name; the initial one is written
    /// where one is missing. Null for all initial ones.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What the model has besides; null for nothing.</param>
    /// <exception cref="OnnxException">A vertex has a function that is no ONNX operator, or a finite attribute that is
    /// infinite in single precision, the graph has a cycle or is cut into blocks, a parameter has another shape, an
    /// input that is to be standardised is not there, or the file cannot be written.</exception>
    public static void Save<T>(Graph<T> graph, IReadOnlyDictionary<string, Tensor<T>>? parameters, string path,
        OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var exporter = new GraphExporter<T>(graph, parameters ?? new Dictionary<string, Tensor<T>>(), path);
        if (options is not null) ModelAdditions.Add(exporter.Model, graph, options, path);
        ModelWriter.Write(exporter.Model, exporter.Contents, path, LargestModel);
    }

    /// <summary>Refuses what no model file could hold, before a long run for it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The file that shall be written, for the message.</param>
    /// <exception cref="OnnxException">The graph has a cycle, is cut into blocks, or a vertex has a function that is
    /// no ONNX operator, or a finite attribute that is infinite in single precision.</exception>
    public static void Require<T>(Graph<T> graph, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _ = new GraphExporter<T>(graph, new Dictionary<string, Tensor<T>>(), path);

    /// <summary>As the public one, with another bound on what stays in the model file.</summary>
    internal static void Save<T>(
        ImportedModel<T> imported, IReadOnlyDictionary<string, Tensor<T>> parameters, string path,
        OnnxExportOptions? options, long largestModel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var updated = new UpdatedModel<T>(imported, parameters, path);
        if (options is not null) ModelAdditions.Add(updated.Model, imported.Graph, options, path);
        ModelWriter.Write(updated.Model, updated.Contents, path, largestModel);
    }
}
