namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Losses =>
        [.. ClassLoss("NegativeLogLikelihoodLoss"), .. ClassLoss("SoftmaxCrossEntropyLoss")];

    private static IEnumerable<FunctionCase> Regularizing =>
    [
        .. UnaryShapes.Select(shapes => new FunctionCase("Dropout", shapes)),
        .. UnaryShapes.Select(shapes => new FunctionCase("Dropout", shapes, "training_mode=1 seed=7")),
        new("Dropout", "37", "training_mode=1 ratio=0.25 seed=-1"),
        new("Dropout", "7", "training_mode=1 ratio=0.0"),
        new("Dropout", "7", "training_mode=1 ratio=1.0"),
        new("Dropout", "7", "ratio=0.3"),
        new("Dropout:mask", "37", "training_mode=1 ratio=0.25"),
        new("Dropout:mask", "2x3"),

        .. AlongAxis("LpNormalization"),
        new("LpNormalization", "3x5", "p=1"),
        new("LpNormalization", "3x5x2", "axis=1 p=1"),

        new("MeanVarianceNormalization", "2x3x2x2"),
        new("MeanVarianceNormalization", "2x3x2x2", "axes=[1,2,3]"),
        new("MeanVarianceNormalization", "4x3", "axes=[0]"),
        new("MeanVarianceNormalization", "4x7", "axes=[-1]"),
        new("MeanVarianceNormalization", "2x4x3", "axes=[1]"),
        new("MeanVarianceNormalization", "0x3", "axes=[0]"),

        new("LRN", "2x5x3", "size=3 alpha=0.5"),
        new("LRN", "2x5x2x2", "size=4 alpha=0.5 beta=0.6 bias=2.0"),
        new("LRN", "3x4", "size=1"),
        new("LRN", "3x4", "size=2 alpha=2.0 beta=-0.5"),
        new("LRN", "1x3", "size=99 alpha=2.0"),
        new("LRN", "0x3x2", "size=3"),
    ];

    private static IEnumerable<FunctionCase> ClassLoss(string name) =>
        ClassLoss(name, "none").Concat(ClassLoss(name, "sum")).Concat(ClassLoss(name, "mean"))
            .Select(example => example with { Domains = [Domain.Nonzero, Domain.Whole(0, 4), Domain.Positive] });

    private static IEnumerable<FunctionCase> ClassLoss(string name, string reduction) =>
    [
        new(name, "4x5, 4", $"reduction={reduction}"),
        new(name, "4x5, 4, 5", $"reduction={reduction}"),
        new(name, "3x5x2, 3x2", $"reduction={reduction}"),
        new(name, "2x5x2x3, 2x2x3, 5", $"reduction={reduction} ignore_index=1"),
        new(name, "3x5x2, 3x2", $"reduction={reduction} ignore_index=3"),
        new(name, "4x5, 4, 5", $"reduction={reduction} ignore_index=-100"),
    ];
}
