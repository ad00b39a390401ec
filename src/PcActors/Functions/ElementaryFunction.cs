using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>The function g of one vertex: mu = g(x_1, ..., x_n), with a pull-back for each of its inputs.</summary>
/// <remarks>
/// <para>A pure function, known by its ONNX operator type and attributes: it holds no state, so one instance may serve
/// many vertices and threads. Names, attributes and semantics are those of ONNX's operators.</para>
/// <para>All values are tensors of T: whole numbers, indices and truth values (0, 1) too.
/// Where an operator does something else with whole numbers, its attribute element_type says that it has them. There is
/// one value a vertex, an operator's first output; a further one is an operator of its own, such as
/// <c>Dropout:mask</c>.</para>
/// <para>At a kink the pull-back is PyTorch's: 0 from |x| at 0, the negative side's from a
/// unit at 0, equal shares to values that tie for a maximum.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly uint _withoutPullBack;

    /// <summary>A function of an operator with its attributes.</summary>
    /// <remarks>What it needs of them it reads here: a function holds numbers, texts and lists,
    /// and not the settings.</remarks>
    protected ElementaryFunction(OperatorSettings settings)
    {
        (OperatorType, Attributes) = (settings.Operator.Name, settings.Attributes);
        (MinInputs, MaxInputs, _withoutPullBack) = (settings.MinInputs, settings.MaxInputs,
            settings.Operator.WithoutPullBack);
    }

    /// <summary>The operator type, ONNX's name for its own operators, for example <c>MatMul</c>.</summary>
    public string OperatorType { get; }

    /// <summary>The attributes that the function was made from.</summary>
    public Attributes Attributes { get; }

    /// <summary>How few inputs it takes.</summary>
    public virtual int MinInputs { get; }

    /// <summary>How many inputs it takes; <see cref="int.MaxValue"/> when there is no bound.</summary>
    public virtual int MaxInputs { get; }

    /// <summary>Whether the prediction is the only input's elements, in order, under
    /// another shape (Identity, Reshape): a vertex then passes a view on and copies nothing,
    /// in both directions.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether it is a product of two of its inputs, summed over one or more axes, as a layer's with its
    /// weights is.</summary>
    public virtual bool IsProduct => false;

    /// <summary>The prediction's shape; the default is the first input's.</summary>
    /// <exception cref="ShapeException">The inputs' shapes do not fit the function; the message says why.</exception>
    public virtual Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        return inputs[0];
    }

    /// <summary>Whether training draws the function anew for each step, micro-batch and vertex:
    /// <see cref="Drawn"/>.</summary>
    public virtual bool IsDrawn => false;

    /// <summary>The name of the vertex whose draws the function takes part in; null for its own.</summary>
    internal virtual string? DrawnAs => null;

    /// <summary>The function that a draw gives: a pure one again.</summary>
    /// <param name="seed">Of the draw; null outside training, where nothing is drawn.</param>
    public virtual ElementaryFunction<T> Drawn(ulong? seed) => this;

    /// <summary>The function that a prediction outside training is made with: this one, unless training and use
    /// differ by more than what is drawn.</summary>
    internal virtual ElementaryFunction<T> ForUse => this;

    /// <summary>The momentum of an input that is a running statistic of another one; null for any other
    /// input.</summary>
    internal virtual double? RunningMomentum(int input) => null;

    /// <summary>What a running statistic is moved by: the statistic of these inputs.</summary>
    /// <param name="input">The running statistic, from 0.</param>
    /// <param name="inputs">The inputs' values.</param>
    /// <param name="result">Receives the statistic, of the input's shape.</param>
    internal virtual void Statistic(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> result) =>
        throw new NotSupportedException($"{OperatorType} has no running statistics");

    /// <summary>mu = g(inputs).</summary>
    /// <param name="inputs">The inputs' values, in the operator's order.</param>
    /// <param name="prediction">Receives mu; its shape is the inferred one, its content on entry is arbitrary.</param>
    public abstract void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction);

    /// <summary>The pull-back of an error to one input: (dmu / dx_input)^T error.</summary>
    /// <param name="input">Which input, from 0.</param>
    /// <param name="inputs">The inputs' values.</param>
    /// <param name="prediction">mu at these inputs.</param>
    /// <param name="error">The vertex's error, of mu's shape.</param>
    /// <param name="result">Receives the pull-back, of the input's shape; its content on entry is arbitrary.</param>
    public abstract void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result);

    /// <summary>Whether an error can be pulled back to this input (not so for indices,
    /// conditions and whole numbers, by the operator's description). Elsewhere
    /// <see cref="PullBack"/> gives zeros.</summary>
    public virtual bool IsDifferentiable(int input) =>
        input >= 32 ? _withoutPullBack != uint.MaxValue : (_withoutPullBack >> input & 1) == 0;

    /// <summary>Whether the pull-back to an input is the error itself, element for element (Add to an input that is not
    /// broadcast): a vertex then passes its error on and copies nothing.</summary>
    public virtual bool PassesError(int input, ReadOnlySpan<Shape> inputs) => IsView;

    /// <summary>Whether an error of zeros, of either sign, is pulled back to an input as 0 with the sign plus, as long
    /// as the other inputs are finite: so it is where each element is a sum of products that begins with 0.</summary>
    internal virtual bool PullsZeroBackToZero(int input) => false;

    /// <summary>The pull-back as a product that is left for the receiver to carry out, where the
    /// function has that form.</summary>
    /// <returns>The factors, or null when the pull-back exists only whole.</returns>
    public virtual FactoredProduct<T>? Factor(int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> error) => null;

    /// <summary>Whether <see cref="Factor"/> answers for inputs of these shapes.</summary>
    public virtual bool CanFactor(int input, ReadOnlySpan<Shape> inputs) => false;

    /// <summary>Floating-point operations of one prediction; a fused multiply-add counts as two. The
    /// default is 0, for what only moves elements.</summary>
    public virtual long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => 0;

    /// <summary>Floating-point operations of one pull-back to an input. The default is the prediction's.</summary>
    public virtual long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        Cost(inputs, prediction);

    /// <summary>Refuses a wrong number of inputs.</summary>
    /// <exception cref="ShapeException">There are too few or too many.</exception>
    protected void RequireInputs(ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length >= MinInputs && inputs.Length <= MaxInputs) return;
        var wanted = MaxInputs == MinInputs ? $"{MinInputs}"
            : MaxInputs == int.MaxValue ? $"{MinInputs} or more"
            : $"{MinInputs} to {MaxInputs}";
        throw Misfit($"it takes {wanted} input{(MinInputs == 1 && MaxInputs == 1 ? "" : "s")}, not {inputs.Length}");
    }

    /// <summary>The shape to which two inputs broadcast.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    protected Shape BroadcastShape(Shape x, Shape y)
    {
        try
        {
            return Shape.Broadcast(x, y);
        }
        catch (ShapeException misfit)
        {
            throw Misfit($"{misfit.Message}: aligned at their last axes, extents must be equal or 1");
        }
    }

    /// <summary>An axis of a shape counted from 0, from one that may count from the last.</summary>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    protected int AxisOf(Shape shape, int axis)
    {
        if (axis >= -shape.Rank && axis < shape.Rank) return axis < 0 ? axis + shape.Rank : axis;
        throw Misfit(shape.Rank == 0
            ? $"there is no axis {axis}: the input is a scalar"
            : $"axis {axis} is outside the input's shape {shape}; it must lie in [{-shape.Rank}, {shape.Rank - 1}]");
    }

    /// <summary>The exception for inputs whose shapes do not fit, which says first which
    /// operator it is about.</summary>
    protected ShapeException Misfit(string why) => new($"{OperatorType}: {why}");
}

/// <summary>What functions count, in floating-point operations an element.</summary>
internal static class Flops
{
    /// <summary>An exponential, a logarithm or a tanh: about the length of its rational approximation.</summary>
    public const int Transcendental = 16;

    /// <summary>A pull-back that is made of the value.</summary>
    public const int OfValue = 3;
}
