using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A vertex as it was declared: its inputs are names, and its shape may not be known yet.</summary>
internal sealed class Declaration<T>(string name, VertexKind kind)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public string Name { get; } = name;

    public VertexKind Kind { get; } = kind;

    public Shape? Shape { get; set; }

    public ElementaryFunction<T>? Function { get; init; }

    public string[] Inputs { get; init; } = [];

    public Tensor<T>? Initial { get; init; }

    public bool Trainable { get; init; }

    public ParameterBlock? Block { get; init; }

    public bool IsLatent { get; set; }

    public bool IsFree { get; set; }

    /// <summary>The prediction's shape, or an error that names the vertex.</summary>
    public Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        var function = Function!;
        if (inputs.Length < function.MinInputs || inputs.Length > function.MaxInputs)
        {
            var wanted = function.MinInputs == function.MaxInputs ? $"{function.MinInputs}"
                : function.MaxInputs == int.MaxValue ? $"at least {function.MinInputs}"
                : $"{function.MinInputs} to {function.MaxInputs}";
            throw new GraphException(
                $"the vertex '{Name}' ({function.OperatorType}) has {inputs.Length} inputs; it takes {wanted}", Name);
        }
        try
        {
            return function.InferShape(inputs);
        }
        catch (Exception e) when (e is ShapeException or AttributeException)
        {
            throw new GraphException($"the vertex '{Name}' ({function.OperatorType}): {e.Message}", Name);
        }
    }
}
