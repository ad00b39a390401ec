namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Pooling =>
    [
        .. Pool("MaxPool"),
        .. Pool("MaxPool:Indices"),
        .. Pool("AveragePool"),
        .. Pool("AveragePool", " count_include_pad=1"),
        .. Norm(""),
        .. Norm(" p=1"),
        .. Norm(" p=3"),
        new("MaxPool:Indices", "2x2x3x4", "kernel_shape=[2,2] storage_order=1") { Domains = [Domain.Distinct()] },
        new("MaxPool:Indices", "1x2x2x3x4", "kernel_shape=[2,2,2] storage_order=1") { Domains = [Domain.Distinct()] },
        .. GlobalPool("GlobalAveragePool"),
        .. GlobalPool("GlobalMaxPool"),
    ];

    private static (string Shapes, string Window)[] Windows =>
    [
        ("2x2x7", "kernel_shape=[3]"),
        ("2x2x7", "kernel_shape=[2] strides=[2]"),
        ("2x2x7", "kernel_shape=[2] strides=[3] ceil_mode=1"),
        ("2x2x7", "kernel_shape=[3] dilations=[2] pads=[2,1]"),
        ("2x3x4x6", "kernel_shape=[2,2] strides=[2,2]"),
        ("1x2x5x5", "kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]"),
        ("1x2x5x6", "kernel_shape=[3,2] strides=[1,2] pads=[0,1,2,0]"),
        ("1x1x5x5", "kernel_shape=[3,3] strides=[2,2] ceil_mode=1"),
        ("1x1x6x6", "kernel_shape=[3,3] strides=[3,2] pads=[1,1,1,1] ceil_mode=1"),
        ("1x1x6x7", "kernel_shape=[2,3] dilations=[3,2]"),
        ("1x1x5x7", "kernel_shape=[2,3] strides=[2,2] auto_pad=SAME_UPPER"),
        ("1x1x5x7", "kernel_shape=[2,4] strides=[1,3] auto_pad=SAME_LOWER"),
        ("1x1x5x7", "kernel_shape=[2,4] strides=[2,1] auto_pad=VALID"),
        ("1x1x3x3", "kernel_shape=[1,1] strides=[3,2]"),
        ("1x2x3x4x5", "kernel_shape=[2,2,2]"),
        ("1x1x4x3x5", "kernel_shape=[3,2,2] strides=[2,1,2] pads=[1,0,1,1,1,0]"),
        ("0x2x4x4", "kernel_shape=[2,2]"),
    ];

    private static string[] ChannelShapes => ["2x3x4", "1x2x5x15", "2x1x2x2x2", "2x3", "0x3x4"];

    private static IEnumerable<FunctionCase> Pool(string name, string set = "") =>
        Windows.Select(c => new FunctionCase(name, c.Shapes, c.Window + set) { Domains = [Domain.Distinct()] });

    // A norm bends sharply near 0.
    private static IEnumerable<FunctionCase> Norm(string set) =>
        Windows.Select(c => new FunctionCase("LpPool", c.Shapes, c.Window + set));

    private static IEnumerable<FunctionCase> GlobalPool(string name) =>
        ChannelShapes.Select(shapes => new FunctionCase(name, shapes) { Domains = [Domain.Distinct()] });
}
