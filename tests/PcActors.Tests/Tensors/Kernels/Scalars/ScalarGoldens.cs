using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Tests.Tensors.Kernels.Scalars;

/// <summary>Scalar kernels at points where they are hard, against values computed with 60
/// digits, and at the edges.</summary>
public sealed class ScalarGoldens
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Theory]
    [InlineData(1e22, -0.8522008497671888, 0.523214785395139)]
    [InlineData(-1e22, 0.8522008497671888, 0.523214785395139)]
    [InlineData(5.319372648326541e+255, 1,
        -4.687165924254628e-19)] // the float64 number nearest to a multiple of pi / 2
    [InlineData(1e15, 0.8582727931702359, -0.5131937377869703)]
    [InlineData(Math.PI, 1.2246467991473532e-16, -1)]
    [InlineData(Math.PI / 2, 1, 6.123233995736766e-17)]
    [InlineData(0.5, 0.479425538604203, 0.8775825618903728)]
    public void Sine_and_cosine_of_angles_of_any_size(double x, double sine, double cosine)
    {
        Assert.InRange(Ulp.Distance(sine, Trigonometric.Sin(x)), 0, 1);
        Assert.InRange(Ulp.Distance(cosine, Trigonometric.Cos(x)), 0, 1);
        Assert.InRange(Ulp.Distance(sine / cosine, Trigonometric.Tan(x)), 0, 3);
    }

    [Theory]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(1.0000001, 0.8427008344604605)]
    [InlineData(1.5, 0.9661051464753108)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(2.5, 0.999593047982555)]
    [InlineData(3.5, 0.9999992569016276)]
    [InlineData(4.5, 0.9999999998033839)]
    [InlineData(5.5, 0.9999999999999927)]
    [InlineData(7, 1)]
    [InlineData(Inf, 1)]
    [InlineData(0, 0)]
    [InlineData(NaN, NaN)]
    public void The_error_function(double x, double expected)
    {
        Assert.InRange(Ulp.Distance(expected, ErrorFunction.Erf(x)), 0, 1);
        Assert.InRange(Ulp.Distance(-expected, ErrorFunction.Erf(-x)), 0, 1);
    }

    [Theory]
    [InlineData(-1, 1.8427007929497148)]
    [InlineData(0.1, 0.887537083981715)]
    [InlineData(0.5, 0.4795001221869535)]
    [InlineData(0.75, 0.28884436634648486)]
    [InlineData(1, 0.15729920705028513)]
    [InlineData(1.5, 0.033894853524689274)]
    [InlineData(2, 0.004677734981047266)]
    [InlineData(3, 2.209049699858544e-05)]
    [InlineData(4, 1.541725790028002e-08)]
    [InlineData(5, 1.537459794428035e-12)]
    [InlineData(10, 2.088487583762545e-45)]
    [InlineData(20, 5.395865611607901e-176)]
    [InlineData(26, 5.663192408856143e-296)]
    [InlineData(Inf, 0)]
    [InlineData(-Inf, 2)]
    [InlineData(NaN, NaN)]
    public void The_complementary_error_function(double x, double expected) =>
        Assert.InRange(Ulp.Distance(expected, ErrorFunction.Erfc(x)), 0, 3);

    [Fact]
    public void The_error_function_and_its_complement_make_one()
    {
        for (var x = -7.0; x < 7; x += 0.013) Assert.Equal(1, ErrorFunction.Erf(x) + ErrorFunction.Erfc(x), 3e-16);
    }

    [Fact]
    public void Edges_are_those_of_the_mathematical_functions()
    {
        Same(Inf, Exponential.Exp(710));
        Same(Inf, Exponential.Exp(Inf));
        Same(0, Exponential.Exp(-746));
        Same(0, Exponential.Exp(-Inf));
        Same(NaN, Exponential.Exp(NaN));
        Same(5e-324, Exponential.Exp(-745));
        Same(-1, Exponential.ExpMinusOne(-Inf));
        Same(Inf, Exponential.ExpMinusOne(Inf));
        Same(-0.0, Exponential.ExpMinusOne(-0.0));
        Same(-Inf, Logarithm.Log(0));
        Same(NaN, Logarithm.Log(-1));
        Same(Inf, Logarithm.Log(Inf));
        Same(-Inf, Logarithm.LogOnePlus(-1));
        Same(NaN, Logarithm.LogOnePlus(-1.1));
        Same(NaN, Logarithm.LogOnePlus(NaN));
        Same(Math.Log(double.Epsilon), Logarithm.Log(double.Epsilon));
        Same(NaN, Trigonometric.Sin(Inf));
        Same(-0.0, Trigonometric.Sin(-0.0));
        Same(NaN, Trigonometric.Tan(NaN));
        Same(Math.PI / 2, InverseTrigonometric.Atan(Inf));
        Same(-Math.PI / 2, InverseTrigonometric.Atan(-1e300));
        Same(-Math.PI / 2, InverseTrigonometric.Asin(-1));
        Same(NaN, InverseTrigonometric.Asin(1.0000000000000002));
        Same(0, InverseTrigonometric.Acos(1));
        Same(Math.PI, InverseTrigonometric.Acos(-1));
        Same(Math.PI / 2, InverseTrigonometric.Acos(0));
        Same(-Inf, Hyperbolic.Sinh(-Inf));
        Same(Inf, Hyperbolic.Cosh(-Inf));
        Same(-1, Hyperbolic.Tanh(-Inf));
        Same(Inf, Hyperbolic.Asinh(Inf));
        Same(0, Hyperbolic.Acosh(1));
        Same(NaN, Hyperbolic.Acosh(0.5));
        Same(-Inf, Hyperbolic.Atanh(-1));
        Same(NaN, Hyperbolic.Atanh(1.5));
    }

    [Theory]
    // IEEE 754's pow, and powers that are whole numbers and come out exactly.
    [InlineData(NaN, 0, 1)]
    [InlineData(1, NaN, 1)]
    [InlineData(NaN, 1, NaN)]
    [InlineData(0, -3, Inf)]
    [InlineData(-0.0, -3, -Inf)]
    [InlineData(-0.0, -2.5, Inf)]
    [InlineData(-0.0, 3, -0.0)]
    [InlineData(-0.0, 2.5, 0)]
    [InlineData(-Inf, 3, -Inf)]
    [InlineData(-Inf, 2.5, Inf)]
    [InlineData(-Inf, -3, -0.0)]
    [InlineData(-1, Inf, 1)]
    [InlineData(0.5, Inf, 0)]
    [InlineData(-2, Inf, Inf)]
    [InlineData(0.5, -Inf, Inf)]
    [InlineData(-8, 1.0 / 3, NaN)]
    [InlineData(-2, 3, -8)]
    [InlineData(-2, 4, 16)]
    [InlineData(-2, -3, -0.125)]
    [InlineData(-1, 4503599627370497, -1)]
    [InlineData(-1, 1e300, 1)]
    [InlineData(3, 33, 5559060566555523)]
    [InlineData(7, 18, 1628413597910449)]
    [InlineData(10, 22, 1e22)]
    [InlineData(2, -1074, 5e-324)]
    [InlineData(2, 1024, Inf)]
    [InlineData(4, 0.5, 2)]
    [InlineData(1e-320, 0.5, 1e-160)]
    public void Powers(double x, double y, double expected) =>
    Same(expected, Power.Pow(x, y), 1e-320 == x ? 1L << 40 : 0);

    private static void Same(double expected, double actual, long ulp = 0)
    {
        Assert.InRange(Ulp.Distance(expected, actual), 0, ulp);
        if (!double.IsNaN(expected)) Assert.Equal(double.IsNegative(expected), double.IsNegative(actual));
    }
}
