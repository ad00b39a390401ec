using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.ElementWise;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class CenteredProperties
{
    private static readonly VectorWidth[] Widths = Enum.GetValues<VectorWidth>();

    [Fact]
    public void Each_element_has_the_bits_of_the_stated_operations_at_every_width()
    {
        Check<float>();
        Check<double>();
    }

    [Fact]
    public void Operands_too_short_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Centered.Scale<float>(new float[3], 0, 1, 0, new float[2]));
        Assert.Throws<ArgumentException>(
            () => Centered.PullBack<float>(new float[3], new float[2], 0, 1, 0, 1, new float[3]));
    }

    private static void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(3);
        foreach (var length in Enumerable.Range(0, 70).Append(1001))
        {
            var x = Drawn.Numbers<T>(random, length);
            var eps = Drawn.Numbers<T>(random, length);
            var c = Drawn.Numbers<T>(random, 4);
            T[] scaled = [.. x.Select(e => T.FusedMultiplyAdd(e - c[0], c[1], c[2]))];
            T[] pulled = [.. x.Zip(eps, (e, error) => T.FusedMultiplyAdd(e - c[0], c[1], error - c[2]) * c[3])];
            foreach (var width in Widths)
            {
                var result = new T[length];
                Centered.Scale<T>(x, c[0], c[1], c[2], result, width);
                Bits.AssertEqual<T>(scaled, result, $"scale, {width}, {length}");
                Centered.PullBack<T>(x, eps, c[0], c[1], c[2], c[3], result, width);
                Bits.AssertEqual<T>(pulled, result, $"pull-back, {width}, {length}");
            }
        }
    }
}
