using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Scalars;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>What detectors read of regions.</summary>
internal static class RoiAlignOperators
{
    public static Operator[] All =>
    [
        new("RoiAlign", typeof(RoiAlign<>))
        {
            Inputs = ["X", Numbers("rois"), Indices("batch_indices")],
            Attributes =
            [
                Text("coordinate_transformation_mode", "half_pixel", "output_half_pixel"), Text("mode", "avg", "max"),
                Integer("output_height", 1, 1, int.MaxValue), Integer("output_width", 1, 1, int.MaxValue),
                Integer("sampling_ratio", 0, 0, int.MaxValue), Float("spatial_scale", 1),
            ],
            Since = 10, Remark = "nothing is pulled back to rois",
        },
    ];
}

/// <summary>ONNX RoiAlign (K. He and others, "Mask R-CNN", ICCV 2017): regions of pictures, each as a grid of bins
/// whose values are interpolated at samples.</summary>
/// <remarks>
/// <para>Inputs: X [N, C, H, W]; rois [R, 4] with left, top, right and bottom; batch_indices [R], the sample that a
/// region is of. Attributes: output_height and output_width (1); sampling_ratio (0): samples along each axis of a bin,
/// 0 for as many as it has elements; spatial_scale (1) from the regions' numbers to elements;
/// coordinate_transformation_mode (half_pixel, output_half_pixel); mode (avg, max).</para>
/// <para>A bin is the mean of its samples, or the largest of their weighted elements, as ONNX has it. The pull-back to
/// X goes the way that the value came.</para>
/// </remarks>
internal sealed class RoiAlign<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _height = (int)settings.Integer("output_height");
    private readonly int _width = (int)settings.Integer("output_width");
    private readonly bool _isMean = settings.Text("mode") == "avg";
    private readonly RoiLayout _layout = new(settings);

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var (x, rois, samples) = (inputs[0], inputs[1], inputs[2]);
        if (x.Rank != 4 || rois.Rank != 2 || rois[1] != 4 || samples.Rank != 1 || samples[0] != rois[0])
            throw Misfit($"X is {x}, rois {rois} and batch_indices {samples}; they must be [N, C, H, W], [R, 4] and "
                + "[R]");
        if (rois[0] > 0 && x[2] * (long)x[3] == 0) throw Misfit($"X is {x}; there is nothing to sample");
        return new Shape(rois[0], x[1], _height, _width);
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var mu = prediction.Writable;
        Span<GridTap> taps = stackalloc GridTap[RoiRegion.Taps];
        for (var at = 0; at < mu.Length; at++)
        {
            var region = Region(inputs, at, out var plane);
            var x = inputs[0].Span.Slice(plane, inputs[0].Shape[2] * inputs[0].Shape[3]);
            var sum = T.Zero;
            var largest = T.NegativeInfinity;
            for (var sample = 0; sample < region.Samples; sample++)
            {
                region.Of(at / _width % _height, at % _width, sample, taps);
                foreach (var tap in taps)
                {
                    var (weight, element) = (Precision.Narrow<T>(tap.Weight), x[tap.Element]);
                    sum = T.FusedMultiplyAdd(weight, element, sum);
                    largest = T.Max(largest, weight * element);
                }
            }
            mu[at] = region.Samples == 0 ? T.Zero : _isMean ? sum / T.CreateTruncating(region.Samples) : largest;
        }
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (!IsDifferentiable(input)) return;
        Span<GridTap> taps = stackalloc GridTap[RoiRegion.Taps];
        for (var at = 0; at < error.Length; at++)
        {
            var region = Region(inputs, at, out var plane);
            var share = _isMean ? error.Span[at] / T.CreateTruncating(region.Samples) : error.Span[at];
            var isFound = false;
            for (var sample = 0; sample < region.Samples && !isFound; sample++)
            {
                region.Of(at / _width % _height, at % _width, sample, taps);
                foreach (var tap in taps)
                {
                    var weight = Precision.Narrow<T>(tap.Weight);
                    isFound = !_isMean && weight * inputs[0].Span[plane + tap.Element] == prediction.Span[at];
                    if (!_isMean && !isFound) continue;
                    ref var place = ref pulled[plane + tap.Element];
                    place = T.FusedMultiplyAdd(weight, share, place);
                    if (isFound) break;
                }
            }
        }
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) =>
        (long)Math.Min(8.0 * prediction.Length * Samples(inputs[0][2], _height) * Samples(inputs[0][3], _width),
            1L << 62);

    // As many as a bin of the whole picture has, where none are given.
    private double Samples(int extent, int bins) => _layout.Ratio > 0 ? _layout.Ratio : (extent / bins) + 1;

    private RoiRegion Region(ReadOnlySpan<Tensor<T>> inputs, int at, out int plane)
    {
        var x = inputs[0].Shape;
        var roi = at / (_width * _height) / x[1];
        var sample = double.CreateTruncating(inputs[2].Span[roi]);
        if (!(sample >= 0 && sample < x[0]) || sample != Math.Floor(sample))
            throw new IndexException($"batch_indices has {sample}; X has {x[0]} samples");
        plane = (((int)sample * x[1]) + (at / (_width * _height) % x[1])) * x[2] * x[3];
        Span<double> corners = stackalloc double[4];
        for (var i = 0; i < corners.Length; i++) corners[i] = Precision.Widen(inputs[1].Span[(roi * 4) + i]);
        return new RoiRegion(_layout, corners, (_height, _width), (x[2], x[3]));
    }
}
