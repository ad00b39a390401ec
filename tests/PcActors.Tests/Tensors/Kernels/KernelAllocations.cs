using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class KernelAllocations
{
    [Fact]
    public void Nothing_is_allocated_after_the_first_call()
    {
        var (a, b, c) = (new float[300 * 300], new float[300 * 300], new float[300 * 300]);
        Assert.Equal(0,
            Allocated(
                () => MatrixProduct.Multiply<float>(300, 300, 300, a, 300, 1, b, 1, 300, c, 300, accumulate: true)));
        Assert.Equal(0,
            Allocated(() => MatrixProduct.MultiplyUpdate<float>(300, 50, 64, a, 1, 300, b, 50, 1, a, 0.1f, c, 50)));
        Assert.Equal(0, Allocated(() => MatrixProduct.Multiply<float>(1, 1, 1, a, 1, 1, b, 1, 1, c, 1)));
        Assert.Equal(0, Allocated(() => Transcendental.Tanh<float>(a, c)));
        Assert.Equal(0, Allocated(() => Reductions.Sum<float>(a)));
        Assert.Equal(0, Allocated(() => Reductions.SumRows<float>(a, 300, 300, c)));
        Assert.Equal(0, Allocated(() => Arithmetic.TanhPullBack<float>(a, b, c)));
    }

    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
