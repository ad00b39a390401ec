using PcActors.Tensors.Kernels.Scalars;

namespace PcActors.Tests.Tensors.Kernels.Scalars;

/// <summary>Scalar kernels against the platform's mathematical library, which is good to about an
/// ulp, at random points.</summary>
public sealed class ScalarAccuracy
{
    // A kernel's own bound and the library's.
    private const long Tolerance = 3;
    private const int Points = 4000;

    private static readonly Dictionary<string,
        (Func<double, double> Kernel, Func<double, double> Library, double Low, double High)> Functions = new()
        {
            ["exp"] = (Exponential.Exp, Math.Exp, -708, 709.7),
            ["exp near 0"] = (Exponential.Exp, Math.Exp, -1, 1),
            ["log"] = (Logarithm.Log, Math.Log, 0, 1e308),
            ["log near 1"] = (Logarithm.Log, Math.Log, 0.5, 2),
            ["sin"] = (Trigonometric.Sin, Math.Sin, -10, 10),
            ["sin of large"] = (Trigonometric.Sin, Math.Sin, -1e300, 1e300),
            ["cos"] = (Trigonometric.Cos, Math.Cos, -10, 10),
            ["cos of large"] = (Trigonometric.Cos, Math.Cos, -1e18, 1e18),
            ["tan"] = (Trigonometric.Tan, Math.Tan, -10, 10),
            ["tan of large"] = (Trigonometric.Tan, Math.Tan, -1e10, 1e10),
            ["asin"] = (InverseTrigonometric.Asin, Math.Asin, -1, 1),
            ["acos"] = (InverseTrigonometric.Acos, Math.Acos, -1, 1),
            ["atan"] = (InverseTrigonometric.Atan, Math.Atan, -3, 3),
            ["atan of large"] = (InverseTrigonometric.Atan, Math.Atan, -1e20, 1e20),
            ["sinh"] = (Hyperbolic.Sinh, Math.Sinh, -3, 3),
            ["sinh of large"] = (Hyperbolic.Sinh, Math.Sinh, -710, 710),
            ["cosh"] = (Hyperbolic.Cosh, Math.Cosh, -710, 710),
            ["tanh"] = (Hyperbolic.Tanh, Math.Tanh, -3, 3),
            ["asinh"] = (Hyperbolic.Asinh, Math.Asinh, -3, 3),
            ["asinh of large"] = (Hyperbolic.Asinh, Math.Asinh, -1e200, 1e200),
            ["acosh"] = (Hyperbolic.Acosh, Math.Acosh, 1, 3),
            ["acosh of large"] = (Hyperbolic.Acosh, Math.Acosh, 1, 1e200),
            ["atanh"] = (Hyperbolic.Atanh, Math.Atanh, -1, 1),
            ["power by its exponent"] = (y => Power.Pow(1.7, y), y => Math.Pow(1.7, y), -1300, 1300),
            ["power by its base"] = (x => Power.Pow(x, -2.3), x => Math.Pow(x, -2.3), 0, 100),
            ["whole power"] = (x => Power.Pow(x, 7), x => Math.Pow(x, 7), -50, 50),
        };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kernel_is_a_few_ulp_from_the_library(string name)
    {
        var (kernel, library, low, high) = Functions[name];
        var random = new Random(7);
        for (var i = 0; i < Points; i++)
        {
            // Half of the points lie evenly by magnitude, down to tiny ones.
            var x = low + ((high - low) * random.NextDouble());
            if (i % 2 == 1 && low <= 0) x *= Math.Pow(2, -50 * random.NextDouble());
            var distance = Ulp.Distance(library(x), kernel(x));
            Assert.True(distance <= Tolerance, $"{name}({x:R}) is {kernel(x):R}, {distance} ulp from {library(x):R}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_float32_a_kernel_is_correctly_rounded_or_next_to_it(string name)
    {
        var (kernel, library, low, high) = Functions[name];
        var random = new Random(8);
        for (var i = 0; i < Points; i++)
        {
            var x = (float)(low + ((high - low) * random.NextDouble()));
            if (!(Math.Abs(x) < float.MaxValue)) continue;
            var narrow = Precision.Narrow<float>(kernel(Precision.Widen(x)));
            Assert.True(Ulp.Distance((float)library(x), narrow) <= 1,
                $"{name}({x:R}) is {narrow:R}, not {(float)library(x):R}");
        }
    }

    [Fact]
    public void Differences_to_one_are_accurate_where_the_plain_functions_are_not()
    {
        // From the series: e^x - 1 = x + x^2/2 + x^3/6, log(1 + x) = x - x^2/2 + x^3/3.
        foreach (var x in new[] { 1e-6, -1e-6, 1e-9, -1e-9, 1e-16, -1e-20, 5e-324 })
        {
            Assert.InRange(Ulp.Distance(x + (x * x / 2) + (x * x * x / 6), Exponential.ExpMinusOne(x)), 0, 1);
            Assert.InRange(Ulp.Distance(x - (x * x / 2) + (x * x * x / 3), Logarithm.LogOnePlus(x)), 0, 1);
        }
        for (var x = -38.0; x < 39; x += 0.37)
        {
            // Beyond 1/2, the subtraction loses a bit at most.
            if (Math.Abs(x) > 0.7) Assert.InRange(Ulp.Distance(Math.Exp(x) - 1, Exponential.ExpMinusOne(x)), 0, 3);
            if (x > -0.5) Assert.InRange(Ulp.Distance(Math.Log(1 + x), Logarithm.LogOnePlus((1 + x) - 1)), 0, 3);
        }
    }
}
