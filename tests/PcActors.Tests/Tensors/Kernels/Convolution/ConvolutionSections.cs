using System.Numerics;
using PcActors.Tensors.Kernels.Convolution;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>The transpose of a convolution to its weight, which is summed up by sections of the samples.</summary>
public sealed class ConvolutionSections
{
    [Theory]
    // Few outputs; fewer samples than sections could be; as many as there are at most; a power of two.
    [InlineData(64, 4, 3, 1)]
    [InlineData(1, 100_000, 3, 1)]
    [InlineData(3, 4096, 3, 2)]
    [InlineData(64, 784, 3, 8)]
    [InlineData(64, 16, 3, 2)]
    [InlineData(64, 48, 3, 4)]
    // Many terms.
    [InlineData(64, 784, 2048, 8)]
    [InlineData(64, 784, 2049, 1)]
    [InlineData(0, 784, 3, 1)]
    [InlineData(64, 784, 0, 1)]
    public void Sections_follow_from_samples_outputs_and_terms(int samples, int outputs, int terms, int sections)
    {
        foreach (var (groups, channels) in new[] { (1, 1), (1, 700), (6, 2) })
            Assert.Equal(sections, Rows(samples, groups, terms, channels, outputs).Sections);
    }

    [Fact]
    public void Weights_are_those_of_the_sections_added_in_order()
    {
        // One group, few input channels, groups, channels alone with a stride and without, one element of a plane.
        Assert.All(
            [
                Square(64, 1, 3, 5, 8, 3), Square(37, 1, 1, 6, 14, 5), Square(16, 1, 1, 3, 16, 4),
                Square(33, 3, 2, 4, 10, 3), Square(21, 6, 1, 1, 16, 3), Square(40, 6, 1, 1, 12, 3, stride: 2),
                Rows(64, 1, 9, 4, 49),
            ],
            shape =>
            {
                Assert.True(shape.Sections > 1, $"{shape}");
                AssertSections<float>(shape);
                AssertSections<double>(shape);
            });
    }

    [Fact]
    public void Sections_whose_sums_would_be_large_together_are_made_one_after_the_other() =>
        AssertSections<float>(Rows(2, 1, 2048, 1100, 512));

    private static void AssertSections<T>(ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Samples);
        var x = Array<T>(random, (int)shape.InputStart(shape.Samples, 0));
        var y = Array<T>(random, (int)shape.OutputStart(shape.Samples, 0));
        var expected = new T[shape.Groups * shape.GroupOutputs * shape.Terms];
        for (var section = 0; section < shape.Sections; section++)
        {
            var (own, first) = shape.PartOf(section, shape.Sections);
            var sum = new T[expected.Length];
            SumUp<T>(own, x.AsSpan((int)shape.InputStart(first, 0)), y.AsSpan((int)shape.OutputStart(first, 0)), sum);
            for (var i = 0; i < sum.Length; i++) expected[i] = section == 0 ? sum[i] : expected[i] + sum[i];
        }
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var found = new T[expected.Length];
            System.Array.Fill(found, T.NaN);
            var before = KernelThreads.UseForAll(threads);
            ConvolutionWeights.PullBack<T>(shape, x, y, found);
            KernelThreads.Use(before);
            Bits.AssertEqual<T>(expected, found, $"{shape} on {threads} threads");
        }
    }

    /// <summary>The weights of some samples, which are no section of their own.</summary>
    private static void SumUp<T>(ConvolutionShape shape, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.IsDepthwise && shape.IsDense) DenseDepthwise<T>.PullBackWeight(shape, 0, shape.Groups, x, y, w);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, 0, shape.Groups, x, y, w);
        else ConvolutionProducts<T>.PullBackWeight(shape, 0, shape.Groups > 1 ? shape.Groups : shape.Terms, x, y, w);
    }

    /// <summary>Convolutions whose input is a row, and whose kernel has one tap.</summary>
    private static ConvolutionShape Rows(int samples, int groups, int inputs, int outputs, int width) => new(
        samples, groups, inputs, outputs, ConvolutionAxis.None, ConvolutionAxis.None, new(width, 1, width, 1, 1, 0));

    private static ConvolutionShape Square(
        int samples, int groups, int inputs, int outputs, int extent, int kernel, int stride = 1)
    {
        var axis = new ConvolutionAxis(extent, kernel, ((extent - kernel + 2) / stride) + 1, stride, 1, 1);
        return new(samples, groups, inputs, outputs, ConvolutionAxis.None, axis, axis);
    }

    private static T[] Array<T>(Random random, int length)
        where T : IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
}
