using System.Numerics;
using PcActors.Tensors.Kernels.Convolution;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>The transpose of a convolution to its weight has the bits of one product with columns after the other,
/// whatever threads share out.</summary>
public sealed class SharedWeights
{
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        // Samples, groups, input and output channels of a group, extent, kernel, stride. Samples: of one product each,
        // of several, with a rest; one product alone.
        { 64, 1, 1, 6, 28, 5, 1 },
        { 37, 1, 3, 5, 14, 3, 1 },
        { 64, 1, 6, 16, 14, 5, 1 },
        { 9, 1, 16, 8, 7, 3, 2 },
        { 3, 1, 2, 3, 8, 3, 1 },
        { 33, 3, 2, 4, 10, 3, 1 },
        { 40, 1, 5, 7, 12, 1, 1 },
        // Several products of a sample, weights that are many, also in all products together, channels alone.
        { 3, 1, 20, 4, 40, 3, 1 },
        { 16, 1, 64, 64, 4, 3, 1 },
        { 40, 1, 56, 64, 16, 3, 1 },
        { 21, 6, 1, 1, 16, 3, 1 },
        { 21, 6, 1, 1, 16, 3, 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_added_in_order(
        int samples, int groups, int inputs, int outputs, int extent, int kernel, int stride)
    {
        var axis = new ConvolutionAxis(extent, kernel, ((extent - kernel + 2) / stride) + 1, stride, 1, 1);
        var shape = new ConvolutionShape(samples, groups, inputs, outputs, ConvolutionAxis.None, axis, axis);
        AssertOrder<float>(shape);
        AssertOrder<double>(shape);
    }

    private static void AssertOrder<T>(ConvolutionShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Samples);
        var x = Drawn.Numbers<T>(random, (int)shape.InputStart(shape.Samples, 0));
        var y = Drawn.Numbers<T>(random, (int)shape.OutputStart(shape.Samples, 0));
        var expected = new T[shape.Groups * shape.GroupOutputs * shape.Terms];
        if (shape.IsDepthwise && shape.IsDense)
            DenseDepthwise<T>.PullBackWeight(shape, 0, shape.Groups, x, y, expected);
        else if (shape.IsDepthwise) DepthwiseProducts<T>.PullBackWeight(shape, 0, shape.Groups, x, y, expected);
        else
            ConvolutionProducts<T>.PullBackWeight(
                shape, 0, shape.Groups > 1 ? shape.Groups : shape.Terms, x, y, expected);
        for (var threads = 1; threads <= 5; threads++)
        {
            var found = new T[expected.Length];
            Array.Fill(found, T.NaN);
            var before = KernelThreads.UseForAll(threads);
            ConvolutionWeights.PullBack<T>(shape, x, y, found);
            KernelThreads.Use(before);
            Bits.AssertEqual<T>(expected, found, $"{shape} on {threads} threads");
        }
    }
}
