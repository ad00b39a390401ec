using PcActors.Tensors.Kernels.Convolution;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>The definition of a convolution and its transposes: every pair of an output and what it reads.</summary>
internal static class NaiveConvolution
{
    /// <summary>Calls back with the index of an input, a weight and an output for each product.</summary>
    public static void Each(ConvolutionShape shape, Action<int, int, int> product)
    {
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        var taps = depth.Kernel * height.Kernel * width.Kernel;
        for (var output = 0; output < shape.Samples * shape.Groups * shape.GroupOutputs * shape.Outputs; output++)
        {
            var (w, h) = (output % width.Output, output / width.Output % height.Output);
            var d = output / width.Output / height.Output % depth.Output;
            var channel = output / shape.Outputs;
            var m = channel % (shape.Groups * shape.GroupOutputs);
            for (var term = 0; term < shape.GroupInputs * taps; term++)
            {
                var x = At(width, w, term % width.Kernel);
                var y = At(height, h, term / width.Kernel % height.Kernel);
                var z = At(depth, d, term / width.Kernel / height.Kernel % depth.Kernel);
                if (x < 0 || y < 0 || z < 0) continue;
                // Groups x outputs of a group have Groups x inputs of a group.
                var from = (channel / shape.GroupOutputs * shape.GroupInputs) + (term / taps);
                product((((((from * depth.Input) + z) * height.Input) + y) * width.Input) + x, (m * shape.Terms) + term,
                    output);
            }
        }
    }

    /// <summary>Where a tap of an output lies in the input, or -1 where there are zeros.</summary>
    private static int At(ConvolutionAxis axis, int output, int tap)
    {
        var position = (output * axis.Stride) + (tap * axis.Dilation) - axis.Before;
        return position < axis.Input ? position : -1;
    }
}
