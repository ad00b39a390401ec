namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Convolution =>
    [
        new("Conv", "2x3x5x6, 4x3x3x3"),
        new("Conv", "2x3x5x6, 4x3x3x3, 4"),
        new("Conv", "2x3x5x6, 4x3x3x3, 4", "pads=[1,1,1,1]"),
        new("Conv", "2x2x5x6, 3x2x2x3, 3", "pads=[2,0,1,3] kernel_shape=[2,3]"),
        new("Conv", "2x2x7x8, 3x2x3x2, 3", "strides=[2,3]"),
        new("Conv", "2x2x7x8, 3x2x3x2, 3", "strides=[3,2] pads=[1,2,0,1] dilations=[2,3]"),
        new("Conv", "2x2x7x9, 3x2x3x3", "dilations=[2,1] auto_pad=SAME_UPPER"),
        new("Conv", "2x2x7x8, 3x2x4x2", "strides=[2,3] auto_pad=SAME_UPPER"),
        new("Conv", "2x2x7x8, 3x2x4x2", "strides=[2,3] auto_pad=SAME_LOWER"),
        new("Conv", "2x2x7x8, 3x2x4x2", "auto_pad=VALID pads=[0,0,0,0]"),
        // A stride beyond the kernel, and pads beyond the kernel: outputs that read zeros alone.
        new("Conv", "1x1x3x3, 1x1x1x1, 1", "pads=[2,3,2,3] strides=[2,4]"),
        new("Conv", "1x1x2x2, 2x1x2x2, 2", "pads=[4,4,4,4]"),
        // The input itself is the matrix of columns; or that of several small ones.
        new("Conv", "2x5x11x7, 3x5x1x1, 3"),
        new("Conv", "7x5x2x3, 3x5x1x1, 3"),
        new("Conv", "9x3x4x4, 5x3x3x3, 5", "pads=[1,1,1,1]"),
        // One output channel, one input channel, one of both.
        new("Conv", "2x3x5x5, 1x3x3x3, 1"),
        new("Conv", "2x1x5x5, 3x1x3x3, 3"),
        new("Conv", "2x1x5x5, 1x1x3x3, 1"),
        // More terms than a block of the product has.
        new("Conv", "1x33x4x4, 2x33x3x3, 2", "pads=[1,1,1,1]"),
        // Groups, and a channel alone.
        new("Conv", "2x4x5x5, 6x2x3x3, 6", "group=2 pads=[1,1,1,1]"),
        new("Conv", "3x4x2x2, 4x2x2x2, 4", "group=2"),
        new("Conv", "2x4x4x4, 8x1x3x3, 8", "group=4"),
        new("Conv", "2x3x6x7, 3x1x3x3, 3", "group=3 pads=[1,1,1,1]"),
        new("Conv", "2x3x6x7, 3x1x3x2", "group=3 pads=[1,0,2,1] strides=[2,3] dilations=[1,2]"),
        new("Conv", "2x3x4x4x4, 3x1x2x2x2, 3", "group=3 strides=[2,1,1]"),
        // One and three spatial axes.
        new("Conv", "2x3x9, 4x3x3, 4", "pads=[1,2]"),
        new("Conv", "2x3x9, 4x3x3, 4", "strides=[2] dilations=[3] auto_pad=SAME_LOWER"),
        new("Conv", "2x2x3x4x5, 3x2x2x2x2, 3", "pads=[1,0,1,0,1,1]"),
        new("Conv", "1x2x4x4x5, 2x2x2x3x2, 2", "strides=[2,1,2] dilations=[1,1,3] auto_pad=SAME_UPPER"),
        // Nothing.
        new("Conv", "0x3x5x5, 4x3x3x3, 4"),
        new("Conv", "2x3x5x5, 0x3x3x3, 0"),
        new("Conv", "2x0x5x5, 3x0x3x3, 3"),
        new("Conv", "2x3x0x5, 3x3x3x3, 3", "pads=[2,0,2,0]"),

        new("ConvTranspose", "2x3x4x5, 3x4x3x3"),
        new("ConvTranspose", "2x3x4x5, 3x4x3x3, 4", "pads=[1,1,1,1]"),
        new("ConvTranspose", "2x3x4x5, 3x2x2x3, 2", "pads=[1,0,0,2] kernel_shape=[2,3]"),
        new("ConvTranspose", "2x3x3x4, 3x2x3x2, 2", "strides=[2,3] output_padding=[1,2]"),
        new("ConvTranspose", "2x3x3x4, 3x2x3x2, 2",
            "strides=[3,2] pads=[1,1,1,0] dilations=[2,1] output_padding=[2,1]"),
        new("ConvTranspose", "2x3x3x4, 3x2x3x2, 2", "strides=[2,3] auto_pad=SAME_UPPER"),
        new("ConvTranspose", "2x3x3x4, 3x2x3x2, 2", "strides=[2,3] auto_pad=SAME_LOWER"),
        new("ConvTranspose", "2x3x3x4, 3x2x3x2", "auto_pad=VALID"),
        new("ConvTranspose", "1x1x3x3, 1x2x3x3", "strides=[3,2] output_shape=[10,8]"),
        new("ConvTranspose", "1x1x3x3, 1x2x3x3", "strides=[3,2] output_shape=[8,6] auto_pad=SAME_UPPER"),
        new("ConvTranspose", "1x2x3x3, 2x2x1x1, 2", "strides=[3,2]"),
        new("ConvTranspose", "2x4x3x3, 4x3x2x2, 6", "group=2"),
        new("ConvTranspose", "2x3x3x4, 3x1x3x3, 3", "group=3 strides=[2,1] pads=[1,1,1,1]"),
        new("ConvTranspose", "2x3x5, 3x2x3, 2", "strides=[2]"),
        new("ConvTranspose", "1x2x3x2x3, 2x2x2x2x2, 2", "strides=[1,2,1] pads=[1,0,0,0,1,0]"),
        new("ConvTranspose", "0x3x4x5, 3x4x3x3, 4"),
        new("ConvTranspose", "2x3x0x5, 3x4x3x3, 4"),
        new("ConvTranspose", "2x3x1x1, 3x2x1x1, 2", "pads=[1,0,0,0]"),
    ];
}
