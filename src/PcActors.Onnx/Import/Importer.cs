using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>One import: goes through the nodes that are needed and collects vertices.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Importer<T> : IEmitter
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OnnxModel _model;
    private readonly NeededNodes _needed;
    private readonly string _output;
    private readonly PendingGraph<T> _graph;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names;

    public Importer(OnnxModel model, OnnxImportOptions options)
    {
        _model = model;
        _graph = new PendingGraph<T>(options.TakesOver);
        _output = ChooseOutput(model, options.Output);
        _needed = new NeededNodes(model.Proto.Graph, _output);
        var graph = model.Proto.Graph;
        _names = [.. graph.Input.Select(i => i.Name), .. model.Initializers.Keys,
            .. graph.Node.SelectMany(n => n.Output)];
        AddInputs(new InputShapes(model, options), options);
        AddInitializers(options.Frozen);
        foreach (var node in _needed.Nodes) Import(node);
    }

    /// <summary>The output's value.</summary>
    public Value Result => _values[_output];

    /// <summary>The graph with the output as its root.</summary>
    /// <exception cref="OnnxException">The output is a leaf or a constant.</exception>
    public ImportedModel<T> ToGraph()
    {
        if (Result is not VertexValue)
            throw new OnnxException(_model.Source,
                $"the output '{_output}' depends neither on an input nor on a parameter that learns");
        try
        {
            return new ImportedModel<T>(_model, _graph.Build(_output));
        }
        catch (GraphException wrong)
        {
            throw new OnnxException(_model.Source, wrong.Message);
        }
    }

    /// <inheritdoc/>
    public bool IsRead(string output) => _needed.IsRead(output);

    /// <inheritdoc/>
    public void Define(Value value) => _values.Add(value.Name, value);

    /// <inheritdoc/>
    public string Unique(string name)
    {
        while (!_names.Add(name)) name += "'";
        return name;
    }

    /// <inheritdoc/>
    public void Import(ImportNode node)
    {
        for (var output = 0; output < node.Outputs.Count; output++)
        {
            if (!IsRead(node.Outputs[output]) || _values.ContainsKey(node.Outputs[output])) continue;
            if (OperatorCatalogue.Output(node.OperatorType, output) is not { } function)
            {
                throw output == 0
                    ? ImportRules.Unsupported(node)
                    : node.Error(
                        string.Create(CultureInfo.InvariantCulture,
                            $"its output {output} ('{node.Outputs[output]}') is read"),
                            "only the first output is supported");
            }
            var arguments = FunctionArguments.Of(node, function);
            Define(
                Apply(function.Name, arguments.Inputs, arguments.Attributes, node.Outputs[output],
                    output == 0 ? node.Type : null));
        }
    }

    /// <inheritdoc/>
    public Value Apply(string operatorType, ReadOnlySpan<Value> inputs, Attributes attributes, string name,
        OnnxElementType? type = null)
    {
        if (inputs.IsEmpty) throw new ShapeException("it has no inputs");
        var values = inputs.ToArray();
        var result = type ?? OnnxOperators.TypeOf(operatorType, Array.ConvertAll(values, v => v.Type));
        if (values.All(v => v is ConstantValue))
        {
            var tensors = values.Select(v => ((ConstantValue)v).Tensor).ToList();
            return new ConstantValue(name,
                Folding.Apply<T>(operatorType, tensors, attributes, result, _model.Source, $"'{name}'"));
        }
        var function = OperatorCatalogue.Create<T>(operatorType, attributes);
        var shape = function.InferShape(Array.ConvertAll(values, v => v.Shape));
        foreach (var constant in values.OfType<ConstantValue>())
        {
            if (!_graph.Has(constant.Name)) _graph.AddParameter(constant.Name, constant.Tensor, trainable: false);
        }
        _graph.AddFunction(name, function, Array.ConvertAll(values, v => v.Name), shape);
        return new VertexValue(name, result, shape);
    }

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

    private void AddInitializers(IReadOnlyCollection<string> frozen)
    {
        foreach (var name in frozen)
        {
            if (!_model.Initializers.TryGetValue(name, out var tensor) || !tensor.Type.IsFloat())
                throw new OnnxException(_model.Source, $"there is no initializer of floats '{name}' to freeze",
                    $"there are {string.Join(", ", _model.FloatInitializers)}");
        }
        var still = _needed.Settings();
        still.UnionWith(frozen);
        foreach (var proto in _model.Proto.Graph.Initializer.Where(t => IsRead(t.Name)))
        {
            var tensor = _model.Initializers[proto.Name];
            if (!tensor.Type.IsFloat() || still.Contains(proto.Name))
            {
                Define(new ConstantValue(proto.Name, tensor));
                continue;
            }
            _graph.AddParameter(proto.Name, tensor, trainable: true);
            Define(new VertexValue(proto.Name, tensor.Type, tensor.Shape));
        }
    }

    private void Import(NodeProto proto)
    {
        if (!ModelCheck.IsDefaultDomain(proto.Domain))
        {
            throw new OnnxException(
                _model.Source, $"{ModelCheck.NodeName(proto)} is an operator of the domain '{proto.Domain}'",
                "only ONNX's own operators are supported");
        }
        var node = new ImportNode(proto, proto.Input.Select(i => i.Length == 0 ? null : _values[i]), _model.Opset,
            _model.File);
        try
        {
            ImportRules.Import(node, this);
        }
        catch (Exception e) when (e is GraphException or ShapeException or AttributeException or IndexException
            or NotSupportedException or OverflowException)
        {
            throw node.Error(e.Message);
        }
    }
}
