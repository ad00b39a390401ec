using System.Numerics;
using PcActors.Tensors.Kernels.Products;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tensors.Kernels.Sums;

/// <summary>The sum of each channel of [samples, channels, length]: by <see cref="Reductions"/> in each sample, samples
/// in order, from zero. Threads share out the channels of all samples.</summary>
internal static unsafe class ChannelSums
{
    /// <summary>Writes one sum a channel.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="length">Elements of a channel of a sample.</param>
    /// <param name="sums">Receives the sums.</param>
    public static void Run<T>(ReadOnlySpan<T> x, int length, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sums.Clear();
        if (x.IsEmpty) return;
        var runs = x.Length / length;
        var parts = KernelThreads.PartsOfElements(x.Length, runs);
        if (parts == 1)
        {
            for (var run = 0; run < runs; run++)
                sums[run % sums.Length] += Reductions.Sum(x.Slice(run * length, length));
            return;
        }
        var each = new Span<T>(Workspace.Current.Sums((long)runs * sizeof(T)), runs);
        fixed (T* px = x, pe = each)
            Run(parts, px, length, pe, runs);
        for (var run = 0; run < runs; run++) sums[run % sums.Length] += each[run];
    }

    private static void Run<T>(int parts, T* x, int length, T* sums, int runs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var end = KernelThreads.Start(part + 1, parts, runs);
            for (var run = KernelThreads.Start(part, parts, runs); run < end; run++)
                sums[run] = Reductions.Sum(new ReadOnlySpan<T>(x + ((nint)run * length), length));
        });
}
