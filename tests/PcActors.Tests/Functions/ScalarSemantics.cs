using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>What the functions of one number are, on the examples of ONNX's documentation and at their kinks.</summary>
public sealed class ScalarSemantics
{
    private const double Inf = double.PositiveInfinity;
    private static readonly Attributes None = Attributes.Empty;

    [Theory]
    [InlineData("Sin", Math.PI / 6, 0.5)]
    [InlineData("Cos", Math.PI / 3, 0.5)]
    [InlineData("Tan", Math.PI / 4, 1)]
    [InlineData("Asin", 0.5, Math.PI / 6)]
    [InlineData("Acos", 0.5, Math.PI / 3)]
    [InlineData("Atan", 1, Math.PI / 4)]
    [InlineData("Sinh", 0.6931471805599453, 0.75)] // log 2
    [InlineData("Cosh", 0.6931471805599453, 1.25)]
    [InlineData("Asinh", 0.75, 0.6931471805599453)]
    [InlineData("Acosh", 1.25, 0.6931471805599453)]
    [InlineData("Atanh", 0.6, 0.6931471805599453)]
    [InlineData("Erf", 1, 0.8427007929497149)]
    [InlineData("Sqrt", 9, 3)]
    [InlineData("Reciprocal", -4, -0.25)]
    [InlineData("Abs", -4, 4)]
    [InlineData("Softplus", 0, 0.6931471805599453)]
    [InlineData("Softsign", -3, -0.75)]
    // e^x = 1/2 makes softplus log(3/2) and its tanh 5/13.
    [InlineData("Mish", -0.6931471805599453, -0.6931471805599453 * 5 / 13)]
    public void Known_values(string name, double x, double expected) =>
        Same(Array([1], expected), Predict(name, None, Array([1], x)));

    [Fact]
    public void Rounding()
    {
        var x = Array([6], -2.5, -1.5, -0.4, 0.5, 1.5, 2.5);
        Same(Array([6], -2, -2, 0, 0, 2, 2), Predict("Round", None, x));
        Same(Array([6], -2, -1, 0, 1, 2, 3), Predict("Ceil", None, x));
        Same(Array([6], -3, -2, -1, 0, 1, 2), Predict("Floor", None, x));
        Same(Array([6], -1, -1, -1, 1, 1, 1), Predict("Sign", None, x));
        Same(Array([1], 0), Predict("Sign", None, Array([1], 0)));
    }

    [Fact]
    public void Units_with_an_exponential_branch()
    {
        var x = Array([3], -1, 0, 1);
        var e = Math.Exp(-1) - 1;
        Same(Array([3], e, 0, 1), Predict("Elu", None, x));
        Same(Array([3], 2 * e, 0, 1), Predict("Elu", Attributes.Of(("alpha", 2.0)), x));
        Same(Array([3], 6 * e, 0, 3), Predict("Selu", Attributes.Of(("alpha", 2.0), ("gamma", 3.0)), x));
        Same(Array([3], 2 * (Math.Exp(-0.5) - 1), 0, 1), Predict("Celu", Attributes.Of(("alpha", 2.0)), x));
    }

    [Fact]
    public void Piecewise_linear_units()
    {
        var x = Array([3], -1, 0, 1);
        Same(Array([3], -0.1, 0, 1), Predict("LeakyRelu", Attributes.Of(("alpha", 0.1)), x));
        Same(Array([3], 0.1, 0.6, 1), Predict("HardSigmoid", Attributes.Of(("alpha", 0.5), ("beta", 0.6)), x));
        Same(Array([5], -0, 0, 0, 0, 2.2),
            Predict("ThresholdedRelu", Attributes.Of(("alpha", 2.0)), Array([5], -1.5, 0, 1.2, 2, 2.2)));
        Same(Array([5], 0, -1.0 / 3, 0, 2.0 / 3, 4), Predict("HardSwish", None, Array([5], -4, -1, 0, 1, 4)));
        Same(Array([2, 2], -1, -4, 3, 4), Predict("PRelu", None, Array([2, 2], -1, -2, 3, 4), Array([2], 1, 2)));
    }

    [Fact]
    public void Gelu_is_exact_or_by_tanh()
    {
        // ONNX's examples: P(1) = 0.84134474..., and its approximation.
        Same(Array([3], -0.15865525393145707, 0, 0.8413447460685429), Predict("Gelu", None, Array([3], -1, 0, 1)));
        var inner = Math.Sqrt(2 / Math.PI) * 1.044715;
        var tanh = Predict("Gelu", Attributes.Of(("approximate", "tanh")), Array([2], -1, 1));
        Same(Array([2], -0.5 * (1 - Math.Tanh(inner)), 0.5 * (1 + Math.Tanh(inner))), tanh);
        // Far below zero the exact one keeps its digits: -x erfc(x / sqrt 2) / 2.
        Assert.Equal(-10 * 7.61985302416052e-24, Predict("Gelu", None, Array([1], -10)).Span[0], 1e-36);
    }

    [Theory]
    [InlineData("Abs", 0)]
    [InlineData("Sign", 0)]
    [InlineData("LeakyRelu", 0.01)]
    [InlineData("Elu", 1)]
    [InlineData("Celu", 1)]
    [InlineData("HardSwish", 0.5)]
    public void The_derivative_at_zero(string name, double expected) =>
        Same(Array([1], 3 * expected), PullBack(name, None, 0, Array([1], 3), Array([1], 0)));

    [Fact]
    public void Derivatives_at_the_other_kinks()
    {
        Same(Array([2], 0, 0),
            PullBack("HardSigmoid", Attributes.Of(("alpha", 0.25)), 0, Array([2], 3, 3), Array([2], -2, 2)));
        Same(Array([2], 0, 3), PullBack("HardSwish", None, 0, Array([2], 3, 3), Array([2], -3, 3)));
        Same(Array([1], 0), PullBack("ThresholdedRelu", None, 0, Array([1], 3), Array([1], 1)));
        Same(Array([2], 3, 6), PullBack("PRelu", None, 0, Array([2], 3, 3), Array([2], 1, 0), Array([2], 2, 2)));
    }

    [Theory]
    [InlineData("Softplus", 800, 800)]
    [InlineData("Softplus", -800, 0)]
    [InlineData("Mish", 800, 800)]
    [InlineData("Elu", 800, 800)]
    [InlineData("Sinh", 800, Inf)]
    public void Extremes_neither_overflow_nor_become_NaN(string name, double x, double expected)
    {
        Assert.Equal(expected, Predict(name, None, Array([1], x)).Span[0]);
        Assert.False(double.IsNaN(PullBack(name, None, 0, Array([1], 1), Array([1], x)).Span[0]));
    }

    [Theory]
    [InlineData("LeakyRelu")]
    [InlineData("ThresholdedRelu")]
    [InlineData("HardSigmoid")]
    [InlineData("HardSwish")]
    [InlineData("Elu")]
    [InlineData("Celu")]
    [InlineData("Selu")]
    [InlineData("Sign")]
    [InlineData("Gelu")]
    [InlineData("Mish")]
    [InlineData("Softplus")]
    [InlineData("Round")]
    public void A_NaN_is_not_hidden(string name) =>
        Assert.True(double.IsNaN(Predict(name, None, Array([1], double.NaN)).Span[0]));

    [Fact]
    public void Powers_broadcast_and_take_negative_bases_to_whole_exponents()
    {
        Same(Array([3], 1, 32, 729), Predict("Pow", None, Array([3], 1, 2, 3), Array([3], 4, 5, 6)));
        Same(Array([2, 3], 1, 4, 27, 4, 25, 216),
            Predict("Pow", None, Array([2, 3], 1, 2, 3, 4, 5, 6), Array([3], 1, 2, 3)));
        Same(Array([4], -8, 4, -0.5, 1), Predict("Pow", None, Array([], -2), Array([4], 3, 2, -1, 0)));
        Assert.True(double.IsNaN(Predict("Pow", None, Array([], -2), Array([], 0.5)).Span[0]));
    }

    [Fact]
    public void A_power_s_derivatives_at_zero()
    {
        // By the base: 0 for a constant, 1 for x^1, infinite for the root; by the exponent: 0.
        var (x, y) = (Array([4], 0, 0, 0, 0), Array([4], 0, 1, 2, 0.5));
        Same(Array([4], 0, 3, 0, Inf), PullBack("Pow", None, 0, Array([4], 3, 3, 3, 3), x, y));
        Same(Array([4], 0, 0, 0, 0), PullBack("Pow", None, 1, Array([4], 3, 3, 3, 3), x, y));
    }

    [Fact]
    public void A_negative_base_has_a_derivative_where_it_has_a_power()
    {
        Same(Array([2], 12, -4), PullBack("Pow", None, 0, Array([2], 1, 1), Array([2], -2, -2), Array([2], 3, 2)));
        Assert.True(double.IsNaN(PullBack("Pow", None, 1, Array([1], 1), Array([1], -2), Array([1], 3)).Span[0]));
    }

    [Fact]
    public void Whole_numbers_are_divided_and_raised_towards_zero()
    {
        var whole = Attributes.Of(("element_type", "int32"));
        Same(Array([4], 2, -2, -2, 2), Predict("Div", whole, Array([4], 7, -7, 7, -7), Array([4], 3, 3, -3, -3)));
        Same(Array([3], 0, 1, 5), Predict("Pow", whole, Array([3], 2, 2, 3), Array([3], -1, 0.5, 1.5)));
        Assert.False(OperatorCatalogue.Create<float>("Div", whole).IsDifferentiable(0));
    }
}
