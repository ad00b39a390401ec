namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Normalizing =>
    [
        .. AlongAxis("Softmax"),
        .. AlongAxis("LogSoftmax"),
    ];

    private static IEnumerable<FunctionCase> AlongAxis(string name) =>
    [
        new(name, "2x5"),
        new(name, "5"),
        new(name, "1x1"),
        new(name, "0x5"),
        new(name, "3x0"),
        new(name, "2x5", "axis=0"),
        new(name, "2x5", "axis=1"),
        new(name, "2x3x4", "axis=0"),
        new(name, "2x3x4", "axis=1"),
        new(name, "2x3x4", "axis=-2"),
        new(name, "2x3x1", "axis=1"),
        new(name, "3x140", "axis=0"),
        new(name, "1x600"),
    ];
}
