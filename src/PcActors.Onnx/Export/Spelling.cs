using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>Applies the operators that make up a function.</summary>
/// <param name="builder">Takes them.</param>
/// <param name="whole">The function's vertex.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="names">All names that there are.</param>
internal sealed class Spelling<T>(
    GraphBuilder<T> builder, Vertex<T> whole, IReadOnlyList<Node<T>> inputs, HashSet<string> names)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function's operator.</summary>
    public string Operator => whole.Function!.OperatorType;

    /// <summary>The function's attributes.</summary>
    public Attributes Attributes => whole.Function!.Attributes;

    /// <summary>What the function reads.</summary>
    public IReadOnlyList<Node<T>> Inputs => inputs;

    /// <summary>An operator before the last one.</summary>
    /// <param name="name">What it is called behind the function's name.</param>
    /// <param name="operatorType">The operator.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="read">What it reads.</param>
    public Node<T> Part(string name, string operatorType, Attributes attributes, params Node<T>[] read) =>
        builder.Apply(operatorType, read, attributes, Free(name));

    /// <summary>A number that does not learn.</summary>
    /// <param name="name">What it is called behind the function's name.</param>
    /// <param name="number">The number.</param>
    public Node<T> Number(string name, double number) =>
        builder.Constant(Free(name), Tensor<T>.Scalar(T.CreateChecked(number)));

    /// <summary>The last operator.</summary>
    public Node<T> Last(string operatorType, Attributes attributes, params Node<T>[] read) =>
        builder.Apply(operatorType, read, attributes, whole.Name);

    private string Free(string name)
    {
        name = $"{whole.Name}/{name}";
        while (!names.Add(name)) name += "'";
        return name;
    }
}
