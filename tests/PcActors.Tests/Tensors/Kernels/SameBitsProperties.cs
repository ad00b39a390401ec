using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>Property: elements are the same when all their bits are.</summary>
public sealed class SameBitsProperties
{
    private static readonly int[] Lengths = [0, 1, 3, 63, 64, 65, 128, 1000];

    [Fact]
    public void One_changed_bit_anywhere_is_seen()
    {
        foreach (var length in Lengths)
        {
            var (x, y) = (Draw(length, 1), Draw(length, 2));
            var sum = x.Zip(y, (a, b) => a + b).ToArray();
            var before = sum.ToArray();
            Assert.True(SameBits.In<float>(sum, before));
            Assert.True(SameBits.After<float>(x, y, sum));
            for (var i = 0; i < length; i++)
            {
                sum[i] = MathF.BitIncrement(sum[i]);
                Assert.False(SameBits.In<float>(sum, before));
                Assert.False(SameBits.After<float>(x, y, sum));
                Assert.True(SameBits.In<float>(sum, before));
            }
        }
    }

    [Fact]
    public void In_a_span_that_is_compared_in_parts_too()
    {
        var (x, y) = (new float[(1 << 24) + 3], new float[(1 << 24) + 3]);
        Assert.True(SameBits.In<float>(x, y));
        foreach (var place in new[] { 0, (1 << 24) - 1, 1 << 24, (1 << 24) + 2 })
        {
            y[place] = 1;
            Assert.False(SameBits.In<float>(x, y));
            y[place] = 0;
        }
    }

    [Fact]
    public void Zeros_of_either_sign_differ_and_a_nan_is_itself()
    {
        Assert.False(SameBits.In<double>([0.0], [-0.0]));
        Assert.True(SameBits.In<double>([double.NaN], [double.NaN]));
        double[] sum = [0.0];
        Assert.False(SameBits.After<double>([-0.0], [-0.0], sum));
        Assert.True(double.IsNegative(sum[0]));
    }

    [Fact]
    public void A_tensor_is_as_before_when_it_is_the_same_or_has_the_same_bits_elsewhere()
    {
        var tensor = Tensor<float>.From(new Shape(2, 3), Draw(6, 3));
        Assert.True(tensor.IsAsBefore(tensor));
        Assert.True(tensor.Clone().IsAsBefore(tensor));
        Assert.False(tensor.IsAsBefore(null));
        // Who sends a buffer as another tensor has written to it.
        Assert.False(tensor.Anew().IsAsBefore(tensor));
        var other = tensor.Clone();
        other.Writable[5] = -other.Span[5];
        Assert.False(other.IsAsBefore(tensor));
        var pool = new BufferPool<float>(poisons: true, leastBytes: 1);
        var rented = pool.Rent(tensor.Shape)!;
        tensor.Span.CopyTo(rented.Writable);
        Assert.False(rented.IsAsBefore(tensor));
        rented.Release();
        Assert.False(tensor.IsAsBefore(rented));
    }

    private static float[] Draw(int length, ulong seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(1 + random.NextDouble()))];
    }
}
