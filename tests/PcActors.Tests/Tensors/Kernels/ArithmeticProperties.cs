using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>Each operation against its definition in scalar operations, bit for bit.</summary>
public sealed class ArithmeticProperties
{
    [Fact]
    public void Floats_have_the_bits_of_the_definitions() => CheckAll<float>();

    [Fact]
    public void Doubles_have_the_bits_of_the_definitions() => CheckAll<double>();

    [Fact]
    public void Pull_backs_and_the_rectifier_have_the_same_bits_at_every_width()
    {
        var random = new Random(4);
        for (var length = 0; length < 70; length++)
        {
            var (mu, eps) = (Drawn.Numbers<float>(random, length), Drawn.Numbers<float>(random, length));
            CheckWidths<TanhPullBack>(mu, eps);
            CheckWidths<SigmoidPullBack>(mu, eps);
            CheckWidths<ReluPullBack>(mu, eps);
            CheckWidths<Rectifier>(mu, eps);
        }
    }

    [Fact]
    public void The_rectifier_keeps_not_a_number_and_never_leaves_a_negative_zero()
    {
        var y = new float[4];
        Arithmetic.Relu<float>([float.NaN, -0f, float.NegativeInfinity, float.PositiveInfinity], y);
        Bits.AssertEqual<float>([float.NaN, 0f, 0f, float.PositiveInfinity], y, "relu");
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        var (three, four) = (new float[3], new float[4]);
        Assert.ThrowsAny<ArgumentException>(() => Arithmetic.Add<float>(three, four, four));
        Assert.ThrowsAny<ArgumentException>(() => Arithmetic.AddTo<float>(four, three));
        Assert.ThrowsAny<ArgumentException>(() => Arithmetic.MultiplyAdd<float>(2, three, four, four));
        Assert.Throws<ArgumentException>("y", () => Arithmetic.TanhPullBack<float>(three, four, four));
        Assert.Throws<ArgumentException>("result", () => Arithmetic.ReluPullBack<float>(four, four, three));
    }

    private static void CheckWidths<TFunction>(float[] x, float[] y)
        where TFunction : struct, IVectorFunction2
    {
        var expected = new float[x.Length];
        VectorLoop2<TFunction>.Run<float>(x, y, expected, VectorWidth.Portable);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var actual = new float[x.Length];
            VectorLoop2<TFunction>.Run<float>(x, y, actual, width);
            Bits.AssertEqual<float>(expected, actual, $"{typeof(TFunction).Name}, {width}, {x.Length} elements");
        }
    }

    private static void CheckAll<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var alpha = T.CreateChecked(-0.7);
        Check<T>((a, b, r) => Arithmetic.Add<T>(a, b, r), (a, b) => a + b);
        Check<T>((a, b, r) => Arithmetic.Subtract<T>(a, b, r), (a, b) => a - b);
        Check<T>((a, b, r) => Arithmetic.Multiply<T>(a, b, r), (a, b) => a * b);
        Check<T>((a, b, r) => Arithmetic.Divide<T>(a, b, r), (a, b) => a / b);
        Check<T>((a, _, r) => Arithmetic.Negate<T>(a, r), (a, _) => -a);
        Check<T>((a, _, r) => Arithmetic.Scale(alpha, a, r), (a, _) => alpha * a);
        Check<T>((a, b, r) => Arithmetic.MultiplyAdd(alpha, a, b, r), (a, b) => T.FusedMultiplyAdd(alpha, a, b));
        Check<T>((a, b, r) => Arithmetic.TanhPullBack<T>(a, b, r), (a, b) => T.FusedMultiplyAdd(-a, a, T.One) * b);
        Check<T>((a, b, r) => Arithmetic.SigmoidPullBack<T>(a, b, r), (a, b) => a * (T.One - a) * b);
        Check<T>((a, _, r) => Arithmetic.Relu<T>(a, r), (a, _) => a > T.Zero ? a : T.Zero);
        Check<T>((a, b, r) => Arithmetic.ReluPullBack<T>(a, b, r), (a, b) => a > T.Zero ? b : T.Zero);
        Check<T>(
            (a, b, r) =>
            {
                var sum = b.ToArray();
                Arithmetic.AddTo<T>(a, sum);
                sum.CopyTo(r, 0);
            },
            (a, b) => b + a);
    }

    private static void Check<T>(Action<T[], T[], T[]> kernel, Func<T, T, T> definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(9);
        for (var length = 0; length < 70; length++)
        {
            var (a, b) = (Drawn.Numbers<T>(random, length), Drawn.Numbers<T>(random, length));
            var expected = a.Zip(b, definition).ToArray();
            var result = new T[length];
            kernel(a, b, result);
            Bits.AssertEqual<T>(expected, result, $"{length} elements");
            var inPlace = a.ToArray();
            kernel(inPlace, b, inPlace);
            Bits.AssertEqual<T>(expected, inPlace, $"{length} elements in place");
        }
    }
}
