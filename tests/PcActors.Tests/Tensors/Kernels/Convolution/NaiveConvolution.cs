using PcActors.Tensors.Kernels.Convolution;

namespace PcActors.Tests.Tensors.Kernels.Convolution;

/// <summary>The definition of a convolution and its transposes, in loops: every pair of an output and what it reads.</summary>
internal static class NaiveConvolution
{
    /// <summary>Calls back with the index of an input, a weight and an output for each product.</summary>
    public static void Each(ConvolutionShape shape, Action<int, int, int> product)
    {
        var (depth, height, width) = (shape.Depth, shape.Height, shape.Width);
        for (var n = 0; n < shape.Samples; n++)
        for (var m = 0; m < shape.Groups * shape.GroupOutputs; m++)
        for (var c = 0; c < shape.GroupInputs; c++)
        for (var d = 0; d < depth.Output; d++)
        for (var h = 0; h < height.Output; h++)
        for (var w = 0; w < width.Output; w++)
        for (var i = 0; i < depth.Kernel; i++)
        for (var j = 0; j < height.Kernel; j++)
        for (var k = 0; k < width.Kernel; k++)
        {
            var (z, y, x) = (d * depth.Stride + i * depth.Dilation - depth.Before,
                h * height.Stride + j * height.Dilation - height.Before, w * width.Stride + k * width.Dilation - width.Before);
            if (z < 0 || z >= depth.Input || y < 0 || y >= height.Input || x < 0 || x >= width.Input) continue;
            var channel = (n * shape.Groups + m / shape.GroupOutputs) * shape.GroupInputs + c;
            product(
                ((channel * depth.Input + z) * height.Input + y) * width.Input + x,
                (((m * shape.GroupInputs + c) * depth.Kernel + i) * height.Kernel + j) * width.Kernel + k,
                (((n * shape.Groups * shape.GroupOutputs + m) * depth.Output + d) * height.Output + h) * width.Output + w);
        }
    }
}
