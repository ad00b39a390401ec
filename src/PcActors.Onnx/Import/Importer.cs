using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx.Files;
using PcActors.Onnx.Form;
using PcActors.Onnx.Learning;
using PcActors.Onnx.Rewriting;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>One import: goes through the nodes that are needed and collects vertices.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed partial class Importer<T> : IEmitter
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OnnxModel _model;
    private readonly NeededNodes _needed;
    private readonly string _output;
    private readonly PendingGraph<T> _graph;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly TakenNames _names;
    private readonly LearningChoice _choice;
    private readonly List<string> _notices = [];
    private readonly PartReading _parts;
    private readonly IReadOnlyList<RewriteRule> _rules;

    public Importer(OnnxModel model, OnnxImportOptions options)
    {
        (_model, _parts) = (model, new PartReading(this));
        _rules = [.. RewriteRules.Of(options.Rewrite, model.Source)];
        _graph = new PendingGraph<T>(options.TakesOver);
        _output = ChooseOutput(model, options.Output);
        _needed = new NeededNodes(model.Nodes, _output, model.Source);
        var graph = model.Proto.Graph;
        _names = new TakenNames([.. graph.Input.Select(i => i.Name), .. model.Initializers.Keys,
            .. model.Nodes.SelectMany(n => n.Proto.Output)], model.File);
        _functions = new FunctionInlining(model.Proto, model.File, Unique);
        Budget = new ImportBudget(model.Source, model.File.Limits, SizeOf(model));
        _choice = new LearningChoice(model, options, _needed, _output);
        if (model.Notice is { } notice) Say(notice);
        var shapes = new InputShapes(model, options);
        AddInputs(shapes, options);
        if (shapes.Widened is { } batch) Widening = new Widening(batch);
        AddInitializers();
        foreach (var node in _needed.Nodes) Import(node);
    }

    /// <inheritdoc/>
    public ImportBudget Budget { get; }

    /// <inheritdoc/>
    public Widening? Widening { get; }

    /// <summary>The output's value.</summary>
    /// <exception cref="OnnxException">No node makes it.</exception>
    public Value Result => ValueOf(_output, "as the model's output");

    /// <summary>The graph with the output as its root.</summary>
    /// <exception cref="OnnxException">The output is a leaf or a constant.</exception>
    public ImportedModel<T> ToGraph()
    {
        if (Result is SequenceValue)
        {
            throw new OnnxException(
                _model.Source, $"the output '{_output}' is a sequence", "the root must be a tensor");
        }
        // What is fed or stored alone is in the graph once somebody reads it.
        if (Result is not VertexValue || !_graph.Has(_output))
            throw new OnnxException(_model.Source,
                $"the output '{_output}' depends neither on an input nor on a parameter that learns");
        try
        {
            var graph = _graph.Build(_output, new Rewriter(_rules, Unique));
            return new ImportedModel<T>(_model, graph, [.. Parameters(graph)], _notices)
            {
                Types = graph.Parameters.ToDictionary(v => v.Name,
                    v => _values.TryGetValue(v.Name, out var value) ? value.Type
                        : _stored.Values.FirstOrDefault(c => c.Name == v.Name)?.Type ?? OnnxElementType.Float),
                Stored = _stored.ToDictionary(p => p.Value.Name, p => p.Key, StringComparer.Ordinal),
                Rewritten = _graph.Rewritten,
            };
        }
        catch (GraphException wrong)
        {
            throw new OnnxException(_model.Source, wrong.Message);
        }
    }

    private IEnumerable<OnnxParameter> Parameters(Graph<T> graph)
    {
        var learning = graph.Parameters.Where(v => v.Trainable && graph.RequiresError(v.Id)).Select(v => v.Name)
            .ToHashSet(StringComparer.Ordinal);
        var running = graph.Parameters.Where(v => graph.Running(v.Id) is not null).Select(v => v.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in _model.FloatInitializers.Concat(_choice.Constants))
        {
            var shape = _model.Initializers.TryGetValue(name, out var tensor) ? tensor.Shape : _values[name].Shape;
            yield return new OnnxParameter(name, shape, learning.Contains(name),
                learning.Contains(name) ? null
                    : running.Contains(name) ? "it is a running statistic, which each step moves"
                    : _choice.Reason(name) ?? "no error reaches it");
        }
    }

    /// <summary>Bytes of a model's file, and of its initializers in others; what is named twice is there once.
    /// </summary>
    private static long SizeOf(OnnxModel model) => model.Proto.CalculateSize()
        + model.Initializers.Values.Select(t => t.External).OfType<ExternalRange>().Distinct().Sum(r => (long)r.Length);

    private static string ChooseOutput(OnnxModel model, string? wanted)
    {
        var names = model.Outputs.Select(o => o.Name).ToList();
        if (wanted is null && names.Count == 1) return names[0];
        if (wanted is not null && names.Contains(wanted)) return wanted;
        throw new OnnxException(
            model.Source,
            wanted is null ? $"the model has {names.Count} outputs" : $"there is no output '{wanted}'",
            wanted is null
                ? $"choose one of {string.Join(", ", names)}"
                : $"there {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}");
    }

    private void AddInputs(InputShapes shapes, OnnxImportOptions options)
    {
        foreach (var input in _model.Inputs.Where(i => IsRead(i.Name)))
        {
            var shape = shapes.Of(input);
            if (options.FixedInputs.TryGetValue(input.Name, out var value))
            {
                Define(new ConstantValue(input.Name, value));
                continue;
            }
            _graph.AddData(input.Name, shape);
            Define(new VertexValue(input.Name, input.Type!.Value, shape));
        }
    }

    private void AddInitializers()
    {
        foreach (var proto in _model.Proto.Graph.Initializer.Where(t => IsRead(t.Name)))
        {
            var tensor = _model.Initializers[proto.Name];
            if (_choice.Learns(proto.Name)) AddParameter(proto.Name, tensor);
            else Define(new ConstantValue(proto.Name, tensor));
        }
    }

    private void AddParameter(string name, OnnxTensor tensor)
    {
        _graph.AddParameter(name, tensor, trainable: true);
        _values[name] = new VertexValue(name, tensor.Type, tensor.Shape, new Lazy<OnnxTensor>(tensor));
    }

    private void Import(VersionedNode versioned)
    {
        var proto = versioned.Proto;
        if (!ModelCheck.IsDefaultDomain(proto.Domain))
        {
            throw new OnnxException(
                _model.Source, $"{VersionedNode.NameOf(proto)} is an operator of the domain '{proto.Domain}'",
                "only ONNX's own operators are supported");
        }
        var node = new ImportNode(
            versioned,
            [.. proto.Input.Select(i => i.Length == 0 ? null : ValueOf(i, $"by {VersionedNode.NameOf(proto)}"))],
            Stored, _model.File);
        try
        {
            ImportRules.Import(node, this);
            if (proto.OpType == "Constant" && _choice.Learns(proto.Output[0]))
                AddParameter(proto.Output[0], ((ConstantValue)_values[proto.Output[0]]).Tensor);
        }
        catch (Exception e) when (e is GraphException or ShapeException or AttributeException or IndexException
            or NotSupportedException or OverflowException)
        {
            throw node.Error(e.Message);
        }
        catch (IndexOutOfRangeException)
        {
            throw node.Error("an input has fewer axes, or an attribute fewer numbers, than the operator reads");
        }
    }

    /// <summary>A value that somebody reads.</summary>
    /// <exception cref="OnnxException">Nobody has made it.</exception>
    private Value ValueOf(string name, string reader) => _values.TryGetValue(name, out var value) ? value
        : throw new OnnxException(_model.Source, $"'{name}', read {reader}, is not made",
            "the node that names it has no such output, or comes later");
}
