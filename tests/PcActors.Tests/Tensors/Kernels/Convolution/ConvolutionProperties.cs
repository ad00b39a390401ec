using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Convolution;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>A convolution and its transposes against their definition, and what may not change a bit of them.</summary>
public sealed class ConvolutionProperties
{
    private const int Cases = 120;

    [Fact]
    public void Small_convolutions_are_what_the_definition_says()
    {
        var random = new Random(3);
        for (var i = 0; i < Cases; i++) AssertNaive(Draw(random, largest: 6), random);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(1, 8)]
    public void Channels_alone_are_what_the_definition_says(int maxStride, int maxKernel)
    {
        var random = new Random(7);
        for (var i = 0; i < Cases; i++)
            AssertNaive(
                Draw(random, largest: i % 10 == 0 ? 14 : 6, maxStride, i % 4 == 0 ? maxKernel : 3) with
                {
                    Groups = 2 + random.Next(3),
                    GroupInputs = 1,
                    GroupOutputs = 1
                }, random);
    }

    [Fact]
    public unsafe void Channels_alone_have_the_same_bits_at_every_width()
    {
        var random = new Random(8);
        for (var i = 0; i < Cases; i++)
        {
            var shape = Draw(random, largest: 20, maxStride: 1, maxKernel: i % 4 == 0 ? 8 : 3);
            var (w, y) = (Drawn.Numbers<float>(random, shape.Terms), Drawn.Numbers<float>(random, shape.Outputs));
            var image = Drawn.Numbers<float>(random, (int)new PaddedImage<float>(shape).Length(1));
            var results = Enum.GetValues<VectorWidth>().Select(width =>
            {
                var (outputs, sums) = (new float[shape.Outputs], new float[shape.Terms * shape.Width.Output]);
                fixed (float* pw = w, py = y, pi = image, po = outputs, ps = sums)
                {
                    LanesDispatch.Run<float, Correlation>(new(shape, (nint)pi, (nint)pw, (nint)po), width);
                    LanesDispatch.Run<float, Summation>(new(shape, (nint)pi, (nint)py, (nint)ps), width);
                }
                return outputs.Concat(sums).ToArray();
            }).ToList();
            Assert.All(results, result => Bits.AssertEqual<float>(results[0], result, $"{shape}"));
        }
    }

    [Fact]
    public void Convolutions_cut_into_several_products_are_what_the_definition_says()
    {
        var random = new Random(4);
        // Parts of a plane, of a row, of several samples with a rest, and planes that parts end within.
        AssertNaive(Shape(2, 1, 3, 5, (1, 1, 1, 1), (40, 3, 1, 1), (45, 3, 1, 1)), random);
        AssertNaive(Shape(1, 2, 2, 3, (1, 1, 1, 1), (1, 1, 1, 1), (3000, 7, 1, 2)), random);
        AssertNaive(Shape(1, 1, 2, 3, (1, 1, 1, 1), (1, 1, 1, 1), (4000, 5, 2, 1)), random);
        AssertNaive(Shape(23, 1, 20, 4, (1, 1, 1, 1), (7, 3, 1, 1), (8, 3, 1, 1)), random);
        AssertNaive(Shape(5, 2, 40, 6, (1, 1, 1, 1), (9, 3, 1, 1), (9, 3, 1, 1)), random);
        AssertNaive(Shape(2, 1, 2, 3, (6, 3, 1, 1), (17, 2, 1, 2), (21, 3, 2, 1)), random);
        AssertNaive(Shape(3, 1, 7, 5, (1, 1, 1, 1), (50, 1, 1, 1), (50, 1, 1, 1)), random);
        AssertNaive(Shape(2, 3, 1, 1, (3, 2, 1, 1), (30, 3, 1, 1), (35, 3, 1, 2)), random);
        // Many taps; planes of one row, of one element, and that a register holds several of.
        AssertNaive(Shape(3, 1, 2, 3, (1, 1, 1, 1), (14, 12, 1, 1), (13, 11, 2, 1)), random);
        AssertNaive(Shape(9, 1, 5, 4, (1, 1, 1, 1), (1, 3, 1, 1), (1, 3, 1, 1)), random);
        AssertNaive(Shape(9, 2, 5, 4, (1, 1, 1, 1), (2, 3, 1, 1), (2, 3, 1, 1)), random);
        AssertNaive(Shape(9, 1, 5, 4, (1, 1, 1, 1), (4, 3, 2, 1), (5, 3, 2, 1)), random);
    }

    [Fact]
    public void An_output_channel_alone_has_the_bits_it_has_among_others()
    {
        var random = new Random(5);
        for (var i = 0; i < Cases; i++)
        {
            var shape = Draw(random, largest: 12) with { Groups = 1, GroupOutputs = 5 };
            var (x, w, y) = (Drawn.Numbers<float>(random, Inputs(shape)), Drawn.Numbers<float>(random, 5 * shape.Terms),
                Drawn.Numbers<float>(random, Outputs(shape)));
            var predicted = new float[y.Length];
            ConvolutionKernel.Predict<float>(shape, x, w, default, predicted);
            var pulled = new float[w.Length];
            ConvolutionWeights.PullBack<float>(shape, x, y, pulled);
            for (var channel = 0; channel < 5; channel++)
            {
                var alone = shape with { GroupOutputs = 1 };
                var own = w.AsSpan(channel * shape.Terms, shape.Terms).ToArray();
                var prediction = new float[Outputs(alone)];
                ConvolutionKernel.Predict<float>(alone, x, own, default, prediction);
                Bits.AssertEqual<float>(Channel(predicted, shape, channel), prediction, $"{shape}");
                var weight = new float[own.Length];
                ConvolutionWeights.PullBack<float>(alone, x, Channel(y, shape, channel), weight);
                Bits.AssertEqual<float>(pulled.AsSpan(channel * shape.Terms, shape.Terms), weight, $"{shape}");
            }
        }
    }

    [Fact]
    public void Not_a_number_reaches_what_reads_it_and_nothing_else()
    {
        var shape = Shape(3, 1, 2, 3, (1, 1, 1, 1), (5, 3, 1, 1), (6, 3, 1, 1));
        var random = new Random(6);
        var (x, w) = (Drawn.Numbers<float>(random, Inputs(shape)), Drawn.Numbers<float>(random, 3 * shape.Terms));
        x[(2 * shape.Inputs) + 8] = float.NaN;
        var reads = new bool[Outputs(shape)];
        NaiveConvolution.Each(shape, (i, _, o) => reads[o] |= float.IsNaN(x[i]));
        var y = new float[Outputs(shape)];
        ConvolutionKernel.Predict<float>(shape, x, w, default, y);
        Assert.Equal(reads, y.Select(float.IsNaN));
    }

    private static void AssertNaive(ConvolutionShape shape, Random random)
    {
        var weights = shape.Groups * shape.GroupOutputs * shape.Terms;
        var (x, w, y) = (Drawn.Numbers<double>(random, Inputs(shape)), Drawn.Numbers<double>(random, weights),
            Drawn.Numbers<double>(random, Outputs(shape)));
        var b = Drawn.Numbers<double>(random, shape.Groups * shape.GroupOutputs);
        var (predicted, toInput, toWeight) = (new double[y.Length], new double[x.Length], new double[w.Length]);
        for (var i = 0; i < predicted.Length; i++) predicted[i] = b[i / shape.Outputs % b.Length];
        NaiveConvolution.Each(shape, (input, weight, output) =>
        {
            predicted[output] += x[input] * w[weight];
            toInput[input] += y[output] * w[weight];
            toWeight[weight] += x[input] * y[output];
        });
        AssertNear(predicted, y.Length, result => ConvolutionKernel.Predict<double>(shape, x, w, b, result),
            $"prediction of {shape}");
        AssertNear(toInput, x.Length, result => ConvolutionKernel.PullBackInput<double>(shape, w, y, result),
            $"input of {shape}");
        AssertNear(toWeight, w.Length, result => ConvolutionWeights.PullBack<double>(shape, x, y, result),
            $"weight of {shape}");
    }

    private static void AssertNear(double[] expected, int length, Action<double[]> compute, string what)
    {
        var found = new double[length];
        found.AsSpan().Fill(double.NaN);
        compute(found);
        for (var i = 0; i < length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) < 1e-10,
                $"element {i} of the {what} is {found[i]:R}, not {expected[i]:R}");
    }

    private static float[] Channel(float[] outputs, ConvolutionShape shape, int channel) =>
        [.. outputs.Where((_, i) => i / shape.Outputs % shape.GroupOutputs == channel)];

    private static int Inputs(ConvolutionShape shape) =>
        shape.Samples * shape.Groups * shape.GroupInputs * shape.Inputs;

    private static int Outputs(ConvolutionShape shape) =>
        shape.Samples * shape.Groups * shape.GroupOutputs * shape.Outputs;

    private static ConvolutionShape Draw(Random random, int largest, int maxStride = 3, int maxKernel = 3)
    {
        var axes = 1 + random.Next(3);
        return new ConvolutionShape(
            1 + random.Next(4), 1 + random.Next(3), 1 + random.Next(3), 1 + random.Next(4),
            axes > 2 ? Axis() : ConvolutionAxis.None, axes > 1 ? Axis() : ConvolutionAxis.None, Axis());

        ConvolutionAxis Axis()
        {
            var (kernel, stride) = (1 + random.Next(maxKernel), 1 + random.Next(maxStride));
            var dilation = 1 + random.Next(2);
            var (before, after) = (random.Next(4), random.Next(4));
            var input = Math.Max(1 + random.Next(largest), ((kernel - 1) * dilation) + 1 - before - after);
            return new ConvolutionAxis(input, kernel,
                ((input + before + after - ((kernel - 1) * dilation) - 1) / stride) + 1, stride, dilation, before);
        }
    }

    /// <summary>Axes of an input extent, a kernel, a stride and a dilation, with a pad of one on both sides where the
    /// kernel has several taps.</summary>
    private static ConvolutionShape Shape(
        int samples, int groups, int inputs, int outputs,
        (int Input, int Kernel, int Stride, int Dilation) depth,
        (int Input, int Kernel, int Stride, int Dilation) height,
        (int Input, int Kernel, int Stride, int Dilation) width)
    {
        return new ConvolutionShape(samples, groups, inputs, outputs, Axis(depth), Axis(height), Axis(width));

        static ConvolutionAxis Axis((int Input, int Kernel, int Stride, int Dilation) of)
        {
            var pad = of.Kernel > 1 ? 1 : 0;
            var output = ((of.Input + (2 * pad) - ((of.Kernel - 1) * of.Dilation) - 1) / of.Stride) + 1;
            return new ConvolutionAxis(of.Input, of.Kernel, output, of.Stride, of.Dilation, pad);
        }
    }

    private readonly unsafe struct Correlation(ConvolutionShape shape, nint image, nint weight, nint output)
        : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            DepthwiseRows<T, TVector, TLanes>.Correlate(shape with { GroupInputs = 1 }, (T*)image, (T*)weight, 1,
                (T*)output);
    }

    private readonly unsafe struct Summation(ConvolutionShape shape, nint image, nint output, nint sums) : ILanesAction
    {
        void ILanesAction.Run<T, TVector, TLanes>() =>
            DepthwiseRows<T, TVector, TLanes>.Sum(shape, (T*)image, (T*)output, (T*)sums);
    }
}
