using System.Globalization;
using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>Collects vertices and makes a checked <see cref="Graph{T}"/> of them.</summary>
/// <remarks>Two ways lead in: the fluent one, where each call gives a <see cref="Node{T}"/>
/// that further calls build on, and <see cref="Declare"/>, which names its inputs and may name vertices that
/// are declared later.</remarks>
/// <param name="seed">Seed of the parameters' initial values. Each parameter draws from a sequence of
/// its own, by its name.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphBuilder<T>(ulong seed = 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Declaration<T>> _declarations = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counters = new(StringComparer.Ordinal);

    /// <summary>A data leaf.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="shape">Shape of one micro-batch, for example [64, 784].</param>
    /// <param name="isFree">Whether inference moves it.</param>
    public Node<T> Data(string name, Shape shape, bool isFree = false) =>
        Add(new(name, VertexKind.Data) { Shape = shape, IsFree = isFree });

    /// <summary>A parameter with a given initial value.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="initial">Its value before the first step.</param>
    /// <param name="trainable">Whether it learns.</param>
    /// <param name="block">Where it lies in a larger parameter, if it is a block of one.</param>
    public Node<T> Parameter(string name, Tensor<T> initial, bool trainable = true, ParameterBlock? block = null) =>
        Add(new(name, VertexKind.Parameter)
        {
            Shape = initial.Shape,
            Initial = initial,
            Trainable = trainable,
            Block = block,
        });

    /// <summary>A trainable parameter that is drawn at random.</summary>
    /// <param name="name">Unique name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">The distribution.</param>
    /// <param name="fanIn">Inputs that one output unit sums.</param>
    /// <param name="fanOut">Output units that one input feeds.</param>
    public Node<T> Parameter(string name, Shape shape, Initializer initializer, int fanIn, int fanOut) =>
        Parameter(name, initializer.Create<T>(shape, fanIn, fanOut, seed, name));

    /// <summary>A parameter that does not learn.</summary>
    public Node<T> Constant(string name, Tensor<T> value) => Parameter(name, value, trainable: false);

    /// <summary>A vertex that applies an operator to vertices that are there already.</summary>
    /// <param name="operatorType">ONNX operator type.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes; the default is none.</param>
    /// <param name="name">Its name; the default is made from the operator type and a number.</param>
    /// <exception cref="GraphException">The inputs do not fit the operator, or the name is taken.</exception>
    public Node<T> Apply(
        string operatorType, ReadOnlySpan<Node<T>> inputs, Attributes? attributes = null, string? name = null) =>
        Apply(CreateFunction(name ?? operatorType, operatorType, attributes ?? Attributes.Empty), inputs, name);

    /// <summary>A vertex that applies a function, which need not be in the catalogue, to vertices
    /// that are there already.</summary>
    public Node<T> Apply(ElementaryFunction<T> function, ReadOnlySpan<Node<T>> inputs, string? name = null)
    {
        name ??= UniqueName(function.OperatorType.ToLowerInvariant());
        var names = new string[inputs.Length];
        var shapes = new Shape[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Builder != this)
                throw new GraphException(
                    $"the vertex '{name}' has an input '{inputs[i].Name}' that belongs to another graph", name);
            names[i] = inputs[i].Name;
            shapes[i] = inputs[i].Shape;
        }
        var declaration = new Declaration<T>(name, VertexKind.Function) { Function = function, Inputs = names };
        declaration.Shape = declaration.InferShape(shapes);
        return Add(declaration);
    }

    /// <summary>Declares a vertex by the names of its inputs, which may be declared later.</summary>
    /// <exception cref="GraphException">The operator is unknown or its attributes are wrong, or
    /// the name is taken.</exception>
    /// <param name="name">Its name.</param>
    /// <param name="operatorType">ONNX operator type.</param>
    /// <param name="inputs">Its inputs' names.</param>
    /// <param name="attributes">Its attributes; the default is none.</param>
    /// <param name="isLatent">Whether it is latent: it may then close a cycle.</param>
    /// <param name="shape">The shape of its prediction, wanted where the vertex closes a cycle; null to have it
    /// inferred.</param>
    public void Declare(
        string name, string operatorType, IReadOnlyList<string> inputs, Attributes? attributes = null,
        bool isLatent = false, Shape? shape = null) =>
        Add(new(name, VertexKind.Function)
        {
            Function = CreateFunction(name, operatorType, attributes ?? Attributes.Empty),
            Inputs = [.. inputs],
            IsLatent = isLatent,
            Shape = shape,
        });

    /// <summary>A name that is not taken yet: the prefix with a number.</summary>
    public string UniqueName(string prefix)
    {
        string name;
        do
        {
            var number = _counters[prefix] = _counters.GetValueOrDefault(prefix) + 1;
            name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{number}");
        }
        while (_indices.ContainsKey(name));
        return name;
    }

    /// <summary>The checked graph.</summary>
    /// <param name="root">The vertex that must turn out to be the root; the default is the only
    /// one without consumers.</param>
    /// <exception cref="GraphException">The graph is empty, has a cycle, a missing input,
    /// shapes that do not fit, several roots, or a vertex that does not reach the root.</exception>
    public Graph<T> Build(Node<T>? root = null) => root is null || root.Builder == this
        ? GraphValidation.Build(_declarations, _indices, root?.Name)
        : throw new GraphException($"the root '{root.Name}' belongs to another graph", root.Name);

    internal void MakeLatent(string name)
    {
        var declaration = _declarations[_indices[name]];
        if (declaration.Kind != VertexKind.Function)
            throw new GraphException($"the vertex '{name}' is a leaf; only a vertex with a function can be latent",
                name);
        declaration.IsLatent = true;
    }

    internal Shape ShapeOf(string name) => _declarations[_indices[name]].Shape
        ?? throw new GraphException($"the shape of the vertex '{name}' is known only when the graph is built", name);

    private Node<T> Add(Declaration<T> declaration)
    {
        if (string.IsNullOrWhiteSpace(declaration.Name)) throw new GraphException("a vertex has an empty name");
        if (!_indices.TryAdd(declaration.Name, _declarations.Count))
            throw new GraphException($"two vertices are named '{declaration.Name}'; names must be unique",
                declaration.Name);
        _declarations.Add(declaration);
        return new Node<T>(this, declaration.Name);
    }

    private static ElementaryFunction<T> CreateFunction(string name, string operatorType, Attributes attributes)
    {
        try
        {
            return OperatorCatalogue.Create<T>(operatorType, attributes);
        }
        catch (Exception e) when (e is NotSupportedException or AttributeException)
        {
            throw new GraphException($"the vertex '{name}' ({operatorType}): {e.Message}", name);
        }
    }
}
