using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Sharing;
using PcActors.Tensors.Kernels.Sums;

namespace PcActors.Tests.Tensors.Kernels.Sums;

/// <summary>The sums of channels are those of their samples in order, on any number of threads.</summary>
public sealed class ChannelSumsProperties
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 50)]
    [InlineData(64, 6, 1)]
    [InlineData(5, 2, 0)]
    [InlineData(0, 4, 9)]
    [InlineData(2, 40, 300)]
    public void Samples_are_added_in_order(int samples, int channels, int length)
    {
        var random = new Random(samples);
        var x = Enumerable.Range(0, samples * channels * length).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var expected = new float[channels];
        for (var run = 0; run < (length == 0 ? 0 : samples * channels); run++)
            expected[run % channels] += Reductions.Sum<float>(x.AsSpan(run * length, length));
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var found = new float[channels];
            Array.Fill(found, float.NaN);
            var before = KernelThreads.UseForAll(threads);
            ChannelSums.Run<float>(x, length, found);
            KernelThreads.Use(before);
            Bits.AssertEqual<float>(expected, found, $"{samples} x {channels} x {length} on {threads} threads");
        }
    }
}
