using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of a chain, on stretches.</summary>
/// <remarks>A constant is one element for all, or as many as the stretch has.</remarks>
/// <param name="step">Which function.</param>
/// <param name="cost">Floating-point operations an element, about.</param>
internal abstract class ChainLink<T>(ChainStep step, long cost)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Floating-point operations an element, about.</summary>
    public long Cost => cost;

    /// <summary>How many constants it takes.</summary>
    public int Constants { get; } = step.Constants;

    /// <summary>Whether its pull-back reads x, and whether it reads mu.</summary>
    public (bool X, bool Mu) Reads { get; } = ReadBy(step);

    /// <summary>Whether each of its constants is one number.</summary>
    public virtual bool TakesNumbers => false;

    /// <summary>Whether it is carried out on one number at a time.</summary>
    public virtual bool IsScalar => false;

    /// <summary>The function of a step.</summary>
    /// <exception cref="AttributeException">It is none that acts on each element of one input by itself.</exception>
    public static ChainLink<T> Of(ChainStep step)
    {
        var function = OperatorCatalogue.Create<T>(step.Operator, step.Whole);
        var slot = step.Operands.IndexOf('x');
        if (slot < 0 || !function.IsDifferentiable(slot) || function.IsDrawn) throw Misfit(step);
        var cost = function is UnaryFunction<T> or BinaryFunction<T> or Clip<T> ? function.Cost([], new Shape(1)) : 0;
        return function switch
        {
            UnaryFunction<T> unary when step.Operands == "x" => new Unary(step, cost, unary),
            BinaryFunction<T> binary when step.Operands is "xc" or "cx" && ElementwiseChainOperators.IsBinary(step) =>
                new Binary(step, cost, binary),
            Clip<T> when step.Operands is "x" or "xc" or "x-c" or "xcc" => new Between(step, cost),
            _ => throw Misfit(step),
        };
    }

    // Of others it is not known.
    private static (bool X, bool Mu) ReadBy(ChainStep step) => step.Operator switch
    {
        "Add" or "Mul" or "Neg" or "Sub" => (false, false),
        "Div" when step.Operands == "xc" => (false, false),
        "Exp" or "Reciprocal" or "Sigmoid" or "Sqrt" or "Tanh" => (false, true),
        "Abs" or "Clip" or "Erf" or "Gelu" or "Log" or "Pow" or "PRelu" or "Relu" => (true, false),
        _ => (true, true),
    };

    /// <summary>mu of each x.</summary>
    public abstract void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> mu);

    /// <summary>(dmu / dx) error of each element.</summary>
    public abstract void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second, ReadOnlySpan<T> mu,
        ReadOnlySpan<T> error, Span<T> result);

    private static AttributeException Misfit(ChainStep step) => new(
        $"the attribute '{ElementwiseChainOperators.Functions}' has '{step}', which is no function of each element of "
        + "x by itself that an error is pulled back through");

    private sealed class Unary(ChainStep step, long cost, UnaryFunction<T> function) : ChainLink<T>(step, cost)
    {
        public override bool IsScalar => function.IsScalar;

        public override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> mu) =>
            function.Map(x, mu);

        public override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second,
            ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) => function.MapBack(x, mu, error, result);
    }

    private sealed class Binary(ChainStep step, long cost, BinaryFunction<T> function) : ChainLink<T>(step, cost)
    {
        private readonly bool _isFirst = step.Operands == "xc";

        public override bool TakesNumbers { get; } = step.Operator == "Pow";

        public override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> mu)
        {
            if (_isFirst) function.Map(x, first, mu);
            else function.Map(first, x, mu);
        }

        public override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second,
            ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
        {
            if (_isFirst) function.MapBack(0, x, first, mu, error, result);
            else function.MapBack(1, first, x, mu, error, result);
        }
    }

    private sealed class Between(ChainStep step, long cost) : ChainLink<T>(step, cost)
    {
        private readonly bool _hasLow = step.Operands is "xc" or "xcc";
        private readonly bool _hasHigh = step.Operands is "x-c" or "xcc";
        private readonly T _low = T.CreateSaturating(step.Attributes.Float("min", double.NegativeInfinity));
        private readonly T _high = T.CreateSaturating(step.Attributes.Float("max", double.PositiveInfinity));

        public override bool TakesNumbers => true;

        public override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second, Span<T> mu) =>
            Clip<T>.Map(Bounds(first, second), x, mu);

        public override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> first, ReadOnlySpan<T> second,
            ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
            Clip<T>.MapBack(Bounds(first, second), x, error, result);

        private (T Low, T High) Bounds(ReadOnlySpan<T> first, ReadOnlySpan<T> second) =>
            (_hasLow ? first[0] : _low, !_hasHigh ? _high : _hasLow ? second[0] : first[0]);
    }
}
