using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Convolution;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>Property: a convolution without columns has the bits of one with them, at every width of registers, also
/// where it would not pay.</summary>
public sealed class DirectConvolutionProperties
{
    private const int Cases = 60;

    [Fact]
    public void Predictions_have_the_bits_of_products_with_columns() => EachCase(1, (shape, random) =>
    {
        var (x, w, b) = (Operand<float>(random, Inputs(shape)), Operand<float>(random, Weights(shape)),
            random.Next(2) == 0 ? [] : Operand<float>(random, shape.Groups * shape.GroupOutputs));
        AssertSame<float>(Outputs(shape), shape, y => ConvolutionProducts<float>.Predict(shape, x, w, b, y),
            (y, width) => DirectConvolution<float>.Predict(shape, x, w, b, y, width));
    });

    [Fact]
    public void Predictions_of_doubles_do_too() => EachCase(1, (shape, random) =>
    {
        var (x, w) = (Operand<double>(random, Inputs(shape)), Operand<double>(random, Weights(shape)));
        AssertSame<double>(Outputs(shape), shape, y => ConvolutionProducts<double>.Predict(shape, x, w, default, y),
            (y, width) => DirectConvolution<double>.Predict(shape, x, w, default, y, width));
    });

    [Fact]
    public void Weights_have_the_bits_of_products_with_columns() => EachCase(3, (shape, random) =>
    {
        if (shape.Width.Dilation > 1) return;
        var (x, y) = (Operand<float>(random, Inputs(shape)), Operand<float>(random, Outputs(shape)));
        var (start, end) = Range(shape, random);
        AssertSame<float>(Weights(shape), shape,
            w => ConvolutionProducts<float>.PullBackWeight(shape, start, end, x, y, w),
            (w, width) => DirectConvolution<float>.PullBackWeight(shape, start, end, x, y, w, width));
    });

    [Fact]
    public void Weights_of_doubles_do_too() => EachCase(3, (shape, random) =>
    {
        if (shape.Width.Dilation > 1) return;
        var (x, y) = (Operand<double>(random, Inputs(shape)), Operand<double>(random, Outputs(shape)));
        var (start, end) = Range(shape, random);
        AssertSame<double>(Weights(shape), shape,
            w => ConvolutionProducts<double>.PullBackWeight(shape, start, end, x, y, w),
            (w, width) => DirectConvolution<double>.PullBackWeight(shape, start, end, x, y, w, width));
    });

    [Fact]
    public void Terms_of_a_weight_have_the_bits_of_the_whole() => EachCase(3, (shape, random) =>
    {
        if (shape.Groups > 1) return;
        var (x, y) = (Operand<float>(random, Inputs(shape)), Operand<float>(random, Outputs(shape)));
        var (whole, parts) = (new float[Weights(shape)], new float[Weights(shape)]);
        ConvolutionProducts<float>.PullBackWeight(shape, 0, shape.Terms, x, y, whole);
        for (int start = 0, end; start < shape.Terms; start = end)
        {
            // Channels are cut wherever it may be.
            end = start + 1 + random.Next(shape.Terms - start);
            ConvolutionProducts<float>.PullBackWeight(shape, start, end, x, y, parts);
        }
        Bits.AssertEqual<float>(whole, parts, $"terms of {shape}");
    });

    [Fact]
    public void Columns_are_left_out_where_few_channels_read_them_often()
    {
        // 5 x 5 taps of a channel for 6; 3 x 3 of 64 for as many on 4 x 4, whose rows would be a third zeros; 1 x 1.
        var (first, last, one) = (Square(1, 6, 28, 5, 2), Square(64, 64, 4, 3, 1), Square(8, 8, 16, 1, 0));
        Assert.Equal([true, false, false],
            new[] { first, last, one }.Select(s => DirectConvolution<float>.PaysPredict(s, VectorWidth.Bits512)));
        Assert.Equal([false, true, false],
            new[] { first, last, one }.Select(
                s => DirectConvolution<float>.PaysWeight(s, 0, s.Terms, VectorWidth.Bits512)));
        // A part of a channel has no copy.
        Assert.False(DirectConvolution<float>.PaysWeight(last, 0, 10, VectorWidth.Bits512));
        Assert.Throws<ArgumentException>(() => DirectConvolution<float>.PullBackWeight(
            last, 0, 10, new float[Inputs(last)], new float[Outputs(last)], new float[Weights(last)],
            VectorWidth.Bits256));
        // Of few outputs more sums are to be brought to the weight than columns would be written.
        Assert.False(DirectConvolution<float>.PaysWeight(Square(64, 64, 1, 3, 1), 0, 64 * 9, VectorWidth.Bits512));
        Assert.False(DirectConvolution<float>.PaysWeight(
            first with { Width = first.Width with { Dilation = 2 } }, 0, first.Terms, VectorWidth.Bits512));
    }

    [Theory]
    [InlineData(1, 6, 28, 5, 2)]
    [InlineData(64, 64, 28, 3, 1)]
    [InlineData(3, 5, 19, 7, 3)]
    [InlineData(2, 8, 16, 3, 1)]
    [InlineData(3, 32, 32, 3, 1)]
    public void Threads_share_a_convolution_and_change_no_bit(int inputs, int outputs, int extent, int kernel, int pad)
    {
        var shape = Square(inputs, outputs, extent, kernel, pad);
        Assert.True(DirectConvolution<float>.PaysPredict(shape, VectorWidth.Bits512));
        var random = new Random(3);
        var (x, w, y) = (Operand<float>(random, Inputs(shape)), Operand<float>(random, Weights(shape)),
            Operand<float>(random, Outputs(shape)));
        var predicted = new float[y.Length];
        ConvolutionProducts<float>.Predict(shape, x, w, default, predicted);
        // A lone sample, too, which threads share in another way.
        foreach (var samples in new[] { shape.Samples, 1 })
        {
            var some = shape with { Samples = samples };
            var one = new float[w.Length];
            ConvolutionProducts<float>.PullBackWeight(some, 0, some.Terms, x, y, one);
            for (var threads = 1; threads <= 3; threads++)
            {
                var (output, weight) = (new float[Outputs(some)], new float[w.Length]);
                var before = KernelThreads.UseForAll(threads);
                ConvolutionKernel.Predict<float>(some, x, w, default, output);
                ConvolutionWeights.PullBack<float>(some, x, y, weight);
                KernelThreads.Use(before);
                Bits.AssertEqual<float>(predicted.AsSpan(0, output.Length), output, $"{some} on {threads}");
                Bits.AssertEqual<float>(one, weight, $"weight of {some} on {threads}");
            }
        }
    }

    [Fact]
    public void Where_there_is_nothing_to_sum_columns_are_not_left_out()
    {
        var shape = Square(1, 6, 28, 5, 2);
        ConvolutionShape[] empty =
        [
            shape with { Samples = 0 }, shape with { GroupInputs = 0 }, shape with { GroupOutputs = 0 },
            shape with { Width = shape.Width with { Output = 0 } },
        ];
        Assert.All(empty, s => Assert.False(DirectConvolution<float>.PaysPredict(s, VectorWidth.Bits512)));
        Assert.All(empty, s => Assert.False(DirectConvolution<float>.PaysWeight(s, 0, s.Taps, VectorWidth.Bits512)));
    }

    [Fact]
    public void Large_images_are_not_copied_whole()
    {
        var axis = new ConvolutionAxis(4096, 3, 4096, 1, 1, 1);
        var shape = Square(1, 6, 28, 5, 2) with { Height = axis, Width = axis };
        Assert.False(DirectConvolution<float>.PaysPredict(shape, VectorWidth.Bits512));
        Assert.False(DirectConvolution<float>.PaysWeight(
            shape with { GroupOutputs = 1 }, 0, shape.Taps, VectorWidth.Bits256));
        // One row of them is too long for the first-level cache.
        Assert.False(DirectConvolution<float>.PaysPredict(
            shape with { Height = ConvolutionAxis.None }, VectorWidth.Bits512));
        var wide = Square(1024, 1024, 28, 3, 1);
        Assert.False(DirectConvolution<float>.PaysWeight(wide, 0, wide.Terms, VectorWidth.Bits512));
    }

    /// <summary>A range of groups, or of the terms of whole channels, as a thread gets it: what is outside stays as it
    /// is.</summary>
    private static (int Start, int End) Range(in ConvolutionShape shape, Random random)
    {
        var (most, unit) = shape.Groups > 1 ? (shape.Groups, 1) : (shape.GroupInputs, shape.Taps);
        var start = random.Next(most);
        return (start * unit, (start + 1 + random.Next(most - start)) * unit);
    }

    /// <summary>Shapes from a handful of products to several blocks of terms and of outputs.</summary>
    private static void EachCase(int maxStride, Action<ConvolutionShape, Random> test)
    {
        var random = new Random(11);
        foreach (var shape in Named()) test(shape, random);
        for (var i = 0; i < Cases; i++)
        {
            var isLarge = i % 6 == 0;
            var axes = 1 + random.Next(3);
            test(new(1 + random.Next(isLarge ? 9 : 4), 1 + random.Next(3), 1 + random.Next(isLarge ? 40 : 4),
                1 + random.Next(19), axes > 2 ? Axis(4) : ConvolutionAxis.None,
                axes > 1 ? Axis(isLarge ? 30 : 7) : ConvolutionAxis.None, Axis(isLarge ? 30 : 20)), random);
        }

        ConvolutionAxis Axis(int largest)
        {
            var (kernel, stride, dilation) = (1 + random.Next(5), 1 + random.Next(maxStride), 1 + random.Next(2));
            // Padded, or cropped before its first element.
            var (before, after) = (random.Next(-1, 4), random.Next(4));
            var input = Math.Max(1 + random.Next(largest), ((kernel - 1) * dilation) + 2 - before - after);
            return new ConvolutionAxis(input, kernel,
                ((input + before + after - ((kernel - 1) * dilation) - 1) / stride) + 1, stride, dilation, before);
        }
    }

    /// <summary>Shapes of a kind each: chunks of several samples and several blocks, of one sample, of parts of one in
    /// groups; rows longer than a band with several blocks of terms; nothing but zeros around.</summary>
    private static IEnumerable<ConvolutionShape> Named()
    {
        yield return new(9, 1, 10, 9, ConvolutionAxis.None, Three(17), Three(18));
        yield return new(2, 1, 8, 9, ConvolutionAxis.None, Three(30), Three(30));
        yield return new(2, 2, 4, 9, ConvolutionAxis.None, Three(40), Three(40));
        yield return new(1, 1, 95, 3, ConvolutionAxis.None, ConvolutionAxis.None, Three(1200));
        var around = new ConvolutionAxis(0, 3, 2, 1, 1, 2);
        yield return new(2, 1, 3, 4, ConvolutionAxis.None, around, Three(5));

        static ConvolutionAxis Three(int extent) => new(extent, 3, extent, 1, 1, 1);
    }

    private static void AssertSame<T>(int length, ConvolutionShape shape, Action<T[]> columns,
        Action<T[], VectorWidth> direct)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var expected = new T[length];
        columns(expected);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var found = new T[length];
            direct(found, width);
            Bits.AssertEqual<T>(expected, found, $"{shape} at {width}");
        }
    }

    private static ConvolutionShape Square(int inputs, int outputs, int extent, int kernel, int pad)
    {
        var axis = new ConvolutionAxis(extent, kernel, extent + (2 * pad) - kernel + 1, 1, 1, pad);
        return new(16, 1, inputs, outputs, ConvolutionAxis.None, axis, axis);
    }

    private static int Inputs(in ConvolutionShape shape) => (int)shape.InputStart(shape.Samples, 0);

    private static int Outputs(in ConvolutionShape shape) => (int)shape.OutputStart(shape.Samples, 0);

    private static int Weights(in ConvolutionShape shape) => (int)shape.WeightStart(shape.Groups);

    /// <summary>Numbers, among them zeros of either sign and infinities, which must not get where they are not read.
    /// </summary>
    private static T[] Operand<T>(Random random, int length)
        where T : IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, length).Select(_ => random.Next(2000) switch
        {
            0 => T.NegativeZero,
            1 => T.PositiveInfinity,
            < 100 => T.Zero,
            _ => T.CreateChecked((random.NextDouble() * 2) - 1),
        })];
}
