using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using PcActors.Tests.Tensors.Kernels.Scalars;

namespace PcActors.Tests.Functions;

/// <summary>Pow with one exponent for all, against the power of one double.</summary>
public sealed class FixedPowers
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(-3)]
    [InlineData(2.5)]
    [InlineData(-1.5)]
    [InlineData(64)]
    [InlineData(1.7)]
    public void They_are_the_powers_of_each_element(double exponent)
    {
        Check<float>(exponent, 1);
        Check<double>(exponent, 2);
    }

    private static void Check<T>(double exponent, double ulps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pow = OperatorCatalogue.Create<T>("Pow");
        var random = new Random(4);
        // With and without elements that have no root.
        foreach (var special in new double[][] { [], [0, -0.0, -2, double.PositiveInfinity, double.NegativeInfinity] })
        {
            T[] x = [.. special.Select(T.CreateChecked), .. Enumerable.Range(0, 700).Select(
                _ => T.CreateChecked(Math.ScaleB(random.NextDouble() + 0.5, random.Next(-8, 8))))];
            var shape = new Shape(x.Length);
            Tensor<T>[] inputs = [Tensor<T>.From(shape, x), Tensor<T>.Scalar(T.CreateChecked(exponent))];
            var (mu, error, result) = (new Tensor<T>(shape), new Tensor<T>(shape), new Tensor<T>(shape));
            error.Writable.Fill(T.CreateChecked(0.75));
            pow.Predict(inputs, mu);
            pow.PullBack(0, inputs, mu, error, result);
            var y = double.CreateChecked(T.CreateChecked(exponent));
            for (var i = 0; i < x.Length; i++)
            {
                var b = double.CreateChecked(x[i]);
                Same(Power.Pow(b, y), mu.Span[i], ulps, $"{b:R}^{y:R}");
                var slope = y == 0 ? 0 : y * Power.Pow(b, y - 1) * 0.75;
                Same(slope, result.Span[i], ulps + 1, $"the slope of {b:R}^{y:R}");
            }
        }
    }

    private static void Same<T>(double expected, T actual, double ulps, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var distance = typeof(T) == typeof(float)
            ? Ulp.Distance((float)expected, float.CreateChecked(actual))
            : Ulp.Distance(expected, double.CreateChecked(actual));
        Assert.True(distance <= ulps, $"{what} is {actual} and not {expected}");
    }
}
