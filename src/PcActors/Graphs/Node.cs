using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Graphs;

/// <summary>A vertex of a graph under construction; its members build on it.</summary>
/// <example><code>
/// var graph = new GraphBuilder&lt;float&gt;();
/// var image = graph.Data("image", new Shape(64, 784));
/// var network = graph.Build(image.Dense("hidden", 300).Tanh().Dense("out", 10));
/// </code></example>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Node<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Node(GraphBuilder<T> builder, string name)
    {
        Builder = builder;
        Name = name;
    }

    /// <summary>The vertex's name.</summary>
    public string Name { get; }

    /// <summary>The value's shape.</summary>
    public Shape Shape => Builder.ShapeOf(Name);

    internal GraphBuilder<T> Builder { get; }

    /// <summary>Element-wise sum, with broadcasting.</summary>
    public static Node<T> operator +(Node<T> a, Node<T> b) => a.Add(b);

    /// <summary>Element-wise difference, with broadcasting.</summary>
    public static Node<T> operator -(Node<T> a, Node<T> b) => a.Subtract(b);

    /// <summary>Element-wise product, with broadcasting.</summary>
    public static Node<T> operator *(Node<T> a, Node<T> b) => a.Multiply(b);

    /// <summary>Element-wise quotient, with broadcasting.</summary>
    public static Node<T> operator /(Node<T> a, Node<T> b) => a.Divide(b);

    /// <summary>Element-wise negation.</summary>
    public static Node<T> operator -(Node<T> a) => a.Negate();

    /// <summary>Makes the vertex latent: it holds a value of its own, which inference moves.</summary>
    /// <exception cref="GraphException">It is a leaf.</exception>
    public Node<T> Latent()
    {
        Builder.MakeLatent(Name);
        return this;
    }

    /// <summary>The same vertex, latent where that is asked for.</summary>
    internal Node<T> LatentIf(bool isLatent) => isLatent ? Latent() : this;

    /// <summary>Any operator with this vertex as its first input.</summary>
    public Node<T> Apply(string operatorType, ReadOnlySpan<Node<T>> others, Attributes? attributes = null,
        string? name = null) =>
        Builder.Apply(operatorType, [this, .. others], attributes, name);

    /// <summary>ONNX Add.</summary>
    public Node<T> Add(Node<T> other, string? name = null) => Apply("Add", [other], null, name);

    /// <summary>ONNX Sub.</summary>
    public Node<T> Subtract(Node<T> other, string? name = null) => Apply("Sub", [other], null, name);

    /// <summary>ONNX Mul.</summary>
    public Node<T> Multiply(Node<T> other, string? name = null) => Apply("Mul", [other], null, name);

    /// <summary>ONNX Div.</summary>
    public Node<T> Divide(Node<T> other, string? name = null) => Apply("Div", [other], null, name);

    /// <summary>ONNX Neg.</summary>
    public Node<T> Negate(string? name = null) => Apply("Neg", [], null, name);

    /// <summary>ONNX MatMul.</summary>
    public Node<T> MatMul(Node<T> other, string? name = null) => Apply("MatMul", [other], null, name);

    /// <summary>ONNX Tanh.</summary>
    public Node<T> Tanh(string? name = null) => Apply("Tanh", [], null, name);

    /// <summary>ONNX Sigmoid.</summary>
    public Node<T> Sigmoid(string? name = null) => Apply("Sigmoid", [], null, name);

    /// <summary>ONNX Relu.</summary>
    public Node<T> Relu(string? name = null) => Apply("Relu", [], null, name);

    /// <summary>ONNX Exp.</summary>
    public Node<T> Exp(string? name = null) => Apply("Exp", [], null, name);

    /// <summary>ONNX Log.</summary>
    public Node<T> Log(string? name = null) => Apply("Log", [], null, name);

    /// <summary>ONNX Softmax along an axis.</summary>
    public Node<T> Softmax(int axis = -1, string? name = null) =>
        Apply("Softmax", [], Attributes.Of(("axis", axis)), name);

    /// <summary>ONNX LogSoftmax along an axis.</summary>
    public Node<T> LogSoftmax(int axis = -1, string? name = null) =>
        Apply("LogSoftmax", [], Attributes.Of(("axis", axis)), name);

    /// <summary>ONNX ReduceSum over axes (all, when none is given).</summary>
    public Node<T> Sum(int[]? axes = null, bool keepDims = true, string? name = null) =>
        Apply("ReduceSum", [], Attributes.Of(("axes", axes), ("keepdims", keepDims)), name);

    /// <summary>ONNX ReduceMean over axes (all, when none is given).</summary>
    public Node<T> Mean(int[]? axes = null, bool keepDims = true, string? name = null) =>
        Apply("ReduceMean", [], Attributes.Of(("axes", axes), ("keepdims", keepDims)), name);

    /// <summary>ONNX Reshape; 0 keeps an extent and -1 is inferred.</summary>
    public Node<T> Reshape(params int[] shape) => Apply("Reshape", [], Attributes.Of(("shape", shape)));

    /// <summary>ONNX Flatten to a matrix whose rows are the axes before <paramref name="axis"/>.</summary>
    public Node<T> Flatten(int axis = 1, string? name = null) =>
        Apply("Flatten", [], Attributes.Of(("axis", axis)), name);

    /// <summary>ONNX Transpose.</summary>
    public Node<T> Transpose(params int[] permutation) => Apply("Transpose", [], Attributes.Of(("perm", permutation)));

    /// <summary>ONNX Concat along an axis, this vertex first.</summary>
    public Node<T> Concat(int axis, params ReadOnlySpan<Node<T>> others) =>
        Apply("Concat", others, Attributes.Of(("axis", axis)));

    /// <summary>ONNX Slice of one axis.</summary>
    public Node<T> Slice(int axis, int start, int end, int step = 1, string? name = null) => Apply(
        "Slice", [],
        Attributes.Of(("starts", new[] { start }), ("ends", new[] { end }), ("axes", new[] { axis }),
            ("steps", new[] { step })), name);

    /// <summary>ONNX Identity.</summary>
    public Node<T> Identity(string? name = null) => Apply("Identity", [], null, name);

    /// <summary>A dense layer: Gemm with a weight [inputs, units] and a bias [units] of its own,
    /// named after the layer.</summary>
    /// <param name="name">The layer's name; its parameters are <c>name/weight</c> and <c>name/bias</c>.</param>
    /// <param name="units">Output units.</param>
    /// <param name="initializer">Distribution of the weight; Glorot's uniform one by default.
    /// The bias starts at 0.</param>
    /// <exception cref="GraphException">The input is not a matrix [batch, features].</exception>
    public Node<T> Dense(string name, int units, Initializer? initializer = null)
    {
        if (Shape.Rank != 2)
            throw new GraphException(
                $"the dense layer '{name}' wants an input [batch, features], but '{Name}' has the shape {Shape}", name);
        var weight = Builder.Parameter($"{name}/weight", new Shape(Shape[1], units),
            initializer ?? Initializer.GlorotUniform, Shape[1], units);
        var bias = Builder.Parameter($"{name}/bias", new Tensor<T>(new Shape(units)));
        return Apply("Gemm", [weight, bias], null, name);
    }
}
