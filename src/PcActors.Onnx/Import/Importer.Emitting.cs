using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <content>What rules make of nodes.</content>
internal sealed partial class Importer<T>
{
    /// <inheritdoc/>
    public bool IsRead(string output) => _needed.IsRead(output);

    /// <inheritdoc/>
    public void Define(Value value) => _values.Add(value.Name, value);

    /// <inheritdoc/>
    public string Unique(string name) => _names.Primed(name);

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
        Budget.TakeVertex($"'{name}'");
        var values = inputs.ToArray();
        if (values.OfType<SequenceValue>().FirstOrDefault() is { } sequence)
            throw new ShapeException(string.Create(CultureInfo.InvariantCulture,
                $"'{sequence.Name}' is a sequence of {sequence.Elements.Count} tensors, and a tensor is needed"));
        if (Widening is not null) (values, attributes) = Widening.Fit(this, operatorType, values, attributes);
        var result = type ?? OnnxOperators.TypeOf(operatorType, Array.ConvertAll(values, v => v.Type));
        var function = OperatorCatalogue.Create<T>(operatorType, attributes);
        // What is drawn is drawn anew in every step, whatever it is drawn from.
        if (!function.IsDrawn && values.All(v => v is ConstantValue))
        {
            var tensors = values.Select(v => ((ConstantValue)v).Tensor).ToList();
            return new ConstantValue(name,
                Folding.Apply<T>(operatorType, tensors, attributes, result, _model.Source, $"'{name}'", Budget));
        }
        var shape = function.InferShape(Array.ConvertAll(values, v => v.Shape));
        if (_parts.Read(operatorType, values, attributes, name, shape, result) is { } part) return part;
        _parts.Remember(name, operatorType, values, attributes);
        foreach (var constant in values.OfType<ConstantValue>())
        {
            if (!_graph.Has(constant.Name)) _graph.AddParameter(constant.Name, constant.Tensor, trainable: false);
        }
        _graph.AddFunction(name, function, Array.ConvertAll(values, v => v.Name), shape);
        return new VertexValue(name, result, shape,
            function.IsDrawn ? null : Stored(operatorType, values, attributes, result, name));
    }

    /// <inheritdoc/>
    public void Say(string notice)
    {
        if (!_notices.Contains(notice)) _notices.Add(notice);
    }
}
