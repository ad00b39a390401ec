using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Onnx.Rewriting;

/// <summary>A vertex of a graph that has not been built yet, with those that it reads and those that read it.</summary>
/// <param name="name">Its name.</param>
/// <param name="shape">The shape of its value.</param>
internal sealed class RewritableVertex(string name, Shape shape)
{
    private readonly List<RewritableVertex> _readers = [];

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The shape of its value.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>What a parameter begins with; null for data and functions.</summary>
    public OnnxTensor? Initial { get; init; }

    /// <summary>Whether it is a parameter that learns.</summary>
    public bool Trainable { get; init; }

    /// <summary>The operator of a function; null for a leaf.</summary>
    public string? Operator { get; private set; }

    /// <summary>The attributes of a function.</summary>
    public Attributes Attributes { get; private set; } = Attributes.Empty;

    /// <summary>What it reads, an entry for each edge.</summary>
    public IReadOnlyList<RewritableVertex> Inputs { get; private set; } = [];

    /// <summary>What reads it, an entry for each edge.</summary>
    public IReadOnlyList<RewritableVertex> Readers => _readers;

    /// <summary>Whether the graph's prediction is its value: then its value is read from outside.</summary>
    public bool IsRoot { get; init; }

    /// <summary>Whether its value is the same in every step. Running statistics do not learn, and move all the same.
    /// </summary>
    public bool IsConstant =>
        Initial is not null && !Trainable && !_readers.Exists(
            r => r.Operator?.StartsWith("BatchNormalization", StringComparison.Ordinal) ?? false);

    /// <summary>The one number that it always is; null where it is anything else.</summary>
    public double? Number => IsConstant && Shape.Length == 1 ? Initial!.Values.Span[0] : null;

    /// <summary>Whether one edge alone leads on from it, and nobody outside reads it.</summary>
    public bool HasOneReader => _readers.Count == 1 && !IsRoot;

    /// <summary>A constant.</summary>
    /// <param name="name">What it is called behind the name of the vertex that it is for.</param>
    /// <param name="values">Its elements.</param>
    public static RewritableVertex Constant(string name, Tensor<double> values) =>
        new(name, values.Shape) { Initial = OnnxTensor.Of(OnnxElementType.Double, values) };

    /// <summary>A function.</summary>
    /// <param name="name">Its name, or what it is called behind the name of the vertex that it is for.</param>
    /// <param name="shape">The shape of its value.</param>
    /// <param name="operatorType">Its operator.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="isRoot">Whether it is the root.</param>
    public static RewritableVertex Function(string name, Shape shape, string operatorType, Attributes attributes,
        IReadOnlyList<RewritableVertex> inputs, bool isRoot = false) => new(name, shape)
        {
            Operator = operatorType,
            Attributes = attributes,
            Inputs = inputs,
            IsRoot = isRoot,
        };

    /// <summary>Whether it is a function of an operator.</summary>
    public bool Is(string operatorType) => Operator == operatorType;

    /// <summary>The same under another name, reading others.</summary>
    public RewritableVertex As(string other, IReadOnlyList<RewritableVertex> inputs) => new(other, Shape)
    {
        Initial = Initial,
        Operator = Operator,
        Attributes = Attributes,
        Inputs = inputs,
    };

    /// <summary>Makes it known to what it reads.</summary>
    public void Attach()
    {
        foreach (var input in Inputs) input._readers.Add(this);
    }

    /// <summary>Reads nothing any more.</summary>
    /// <returns>What it has read.</returns>
    public IReadOnlyList<RewritableVertex> Detach()
    {
        var read = Inputs;
        foreach (var input in read) input._readers.Remove(this);
        Inputs = [];
        return read;
    }

    /// <summary>Becomes another function, of which only the shape is the same.</summary>
    public void Become(string operatorType, Attributes attributes, IReadOnlyList<RewritableVertex> inputs)
    {
        (Operator, Attributes, Inputs) = (operatorType, attributes, inputs);
        Attach();
    }

    /// <summary>Lets those that read it read another instead.</summary>
    public void GiveReadersTo(RewritableVertex other)
    {
        foreach (var reader in _readers.Distinct())
            reader.Inputs = [.. reader.Inputs.Select(i => i == this ? other : i)];
        other._readers.AddRange(_readers);
        _readers.Clear();
    }
}
