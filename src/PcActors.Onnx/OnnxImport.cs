using System.Numerics;
using PcActors.Graphs;
using PcActors.Onnx.Import;
using PcActors.Onnx.Learning;
using PcActors.Onnx.Rewriting;
using PcActors.Tensors;

namespace PcActors.Onnx;

/// <summary>Makes graphs of model files.</summary>
public static class OnnxImport
{
    /// <summary>The model as a graph.</summary>
    /// <remarks>
    /// <para>Every input that leads to the output becomes a data leaf, every initializer of
    /// floats a parameter that learns. Initializers do not learn when they are frozen; when they set an operator up
    /// instead of taking part in it: a shape, Clip's bounds, the running statistics of BatchNormalization; when the
    /// file says that they are buffers; or when by some sign they are (<see cref="ImportedModel{T}.Candidates"/> says
    /// which). What depends on neither data nor parameters that learn is computed here: floats with the
    /// bits that a vertex would give them, integers exactly. A float in an attribute is read as the shortest decimal
    /// fraction that means it, or as the number in its <c>doc_string</c> that it is the nearest float to.</para>
    /// <para>LSTM, GRU, RNN, Loop and Scan are unrolled, of If the branch that its condition chooses is taken, the
    /// model's own functions are inlined, Split becomes Slices, and operators of older
    /// versions become today's.</para>
    /// <para>What exporters take apart is put together again (<see cref="OnnxImportOptions.Rewrite"/>): a layer
    /// normalisation, for example, is one vertex. Predictions and updates are the file's but for rounding.</para>
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="options">What the model leaves open.</param>
    /// <exception cref="OnnxException">An input's shape is not known; a node has an operator that is
    /// not supported, or inputs that do not fit it; the output does not depend on an input.</exception>
    public static ImportedModel<T> ToGraph<T>(OnnxModel model, OnnxImportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WidenedImport.ToGraph<T>(model, options ?? new OnnxImportOptions());
}

/// <summary>What a model file leaves open.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Samples in one micro-batch: the extent of every input's first dimension that is a
    /// symbol or open. An input whose dimensions are all fixed must have this first one; where that is 1, the model is
    /// made one for several samples, if none of them depends on another. Null when the model fixes it, or
    /// <see cref="Dimensions"/> does.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Extents of symbolic dimensions, by symbol. They come before <see cref="BatchSize"/>.</summary>
    public IReadOnlyDictionary<string, int> Dimensions { get; init; } = new Dictionary<string, int>();

    /// <summary>Whole shapes of inputs, by name: those of arrays that are at hand. A symbol has one
    /// extent in all of them, and they come before <see cref="BatchSize"/>.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = new Dictionary<string, Shape>();

    /// <summary>Names of initializers that do not learn, or patterns with * and ?.</summary>
    public IReadOnlyCollection<string> Frozen { get; init; } = [];

    /// <summary>Names, or patterns with * and ?, of initializers, and of what Constant nodes write, that learn although
    /// by some sign they are no weights.</summary>
    public IReadOnlyCollection<string> Learning { get; init; } = [];

    /// <summary>Names of the rules by which nodes that exporters took apart are put together again, of
    /// <see cref="OnnxRewriting.Rules"/>; null for all, empty for none.</summary>
    public IReadOnlyCollection<string>? Rewrite { get; init; }

    /// <summary>Inputs that always have the same value, by name: they become constants. Inputs
    /// that decide shapes must be among them.</summary>
    public IReadOnlyDictionary<string, OnnxTensor> FixedInputs { get; init; } = new Dictionary<string, OnnxTensor>();

    /// <summary>The output that becomes the root. What does not lead to it is left out. Null when the
    /// model has only one.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the elements of initializers that learn are given up in the model once
    /// they are in the graph, so that a large model is not held twice. It can be exported with new values then, but
    /// not imported again.</summary>
    public bool TakesOver { get; init; }
}

/// <summary>A model file as a graph that can be trained.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ImportedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ImportedModel(
        OnnxModel model, Graph<T> graph, IReadOnlyList<OnnxParameter> candidates, IReadOnlyList<string> notices)
    {
        (Model, Graph, Candidates, Notices) = (model, graph, candidates, notices);
        Inputs = graph.DataLeaves.ToDictionary(v => v.Name, StringComparer.Ordinal);
        Parameters = graph.Parameters.Where(v => v.Trainable).ToDictionary(v => v.Name, StringComparer.Ordinal);
        Changing = graph.Parameters.Where(v => v.Trainable || graph.Running(v.Id) is not null)
            .ToDictionary(v => v.Name, StringComparer.Ordinal);
    }

    /// <summary>The file that it came from.</summary>
    public OnnxModel Model { get; }

    /// <summary>The graph, not levelled yet. A vertex is named after the ONNX value that it holds.</summary>
    public Graph<T> Graph { get; }

    /// <summary>The data leaves, by the names of the model's inputs. Inputs that do not lead to
    /// the root have none.</summary>
    public IReadOnlyDictionary<string, Vertex<T>> Inputs { get; }

    /// <summary>Everything that might learn, in the file's order, and whether it does.</summary>
    public IReadOnlyList<OnnxParameter> Candidates { get; }

    /// <summary>What was done to the model that its reader may not expect, a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The vertices that stand for several nodes of the file, in the graph's order.</summary>
    public IReadOnlyList<RewrittenVertex> Rewritten { get; internal init; } = [];

    /// <summary>The parameters that learn, by the names of the model's initializers.</summary>
    public IReadOnlyDictionary<string, Vertex<T>> Parameters { get; }

    /// <summary>The types that constants have in the model's file, by their names.</summary>
    internal IReadOnlyDictionary<string, OnnxElementType> Types { get; init; } =
        new Dictionary<string, OnnxElementType>();

    /// <summary>The names in the model of what sets an operator up as the file has it, by the names of the constants
    /// that have taken its place there.</summary>
    internal IReadOnlyDictionary<string, string> Stored { get; init; } = new Dictionary<string, string>();

    /// <summary>The parameters that a step changes: those that learn, and running statistics.</summary>
    internal IReadOnlyDictionary<string, Vertex<T>> Changing { get; }
}
