namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static string[] BatchShapes =>
        ["3x2x4, 2, 2, 2, 2", "5x3, 3, 3, 3, 3", "2x3x3x3, 3, 3, 3, 3", "4x1x40, 1, 1, 1, 1", "0x3, 3, 3, 3, 3"];

    private static IEnumerable<FunctionCase> Normalizing =>
    [
        .. AlongAxis("Softmax"),
        .. AlongAxis("LogSoftmax"),
        new("MaskedSoftmax", "5, 5"),
        new("MaskedSoftmax", "2x3x4, 3x4"),
        new("MaskedSoftmax", "2x3x4, 2x1x4, ()"),
        new("MaskedSoftmax", "2x3x4, 3x1, 1", "divides=1"),
        new("MaskedSoftmax", "2x3x4, 1x3x4, 1", "divides=0"),
        new("MaskedSoftmax", "2x3x4, 2x1x1"),
        new("MaskedSoftmax", "3x4, ()"),
        new("MaskedSoftmax", "2x3x1, 3x1"),
        new("MaskedSoftmax", "0x4, 4"),
        new("MaskedSoftmax", "2x0, 2x0"),
        new("MaskedSoftmax", "70x130, 70x1, ()"),
        new("FilledSoftmax", "2x3x4, 3x4, ()") { Domains = [Domain.Nonzero, Domain.Whole(0, 1)] },
        new("FilledSoftmax", "2x3x4, 2x1x4, 1, 1", "divides=1")
        {
            Domains = [Domain.Nonzero, Domain.Whole(0, 1), Domain.Nonzero],
        },
        new("FilledSoftmax", "2x3x4, 3x1, 1, ()", "keeps=1")
        {
            Domains = [Domain.Nonzero, Domain.Whole(0, 1), Domain.Nonzero],
        },
        new("FilledSoftmax", "2x20, 20, 1", "keeps=1")
        {
            Domains = [Domain.Nonzero, Domain.Whole(0, 1), Domain.Nonzero],
        },
        new("FilledSoftmax", "0x4, 4, 1"),
        .. BatchCases("BatchNormalization", ""),
        .. BatchCases("BatchNormalization", "epsilon=0.1"),
        .. BatchCases("BatchNormalization", "training_mode=1"),
        .. BatchCases("BatchNormalization:running_mean", "training_mode=1"),
        .. BatchCases("BatchNormalization:running_var", "training_mode=1 momentum=0.25 epsilon=0.1"),
        new("InstanceNormalization", "2x3x4, 3, 3"),
        new("InstanceNormalization", "2x3x5x7, 3, 3", "epsilon=0.1"),
        new("InstanceNormalization", "1x1x70, 1, 1"),
        new("InstanceNormalization", "2x3x1, 3, 3"),
        new("InstanceNormalization", "2x3x0, 3, 3"),
        new("GroupNormalization", "2x4x3, 4, 4", "num_groups=2"),
        new("GroupNormalization", "2x6x2x2, 6, 6", "num_groups=3 epsilon=0.1"),
        new("GroupNormalization", "2x8, 8, 8", "num_groups=2"),
        new("GroupNormalization", "2x4x3, 4, 4", "num_groups=1"),
        new("GroupNormalization", "2x4x3, 4, 4", "num_groups=4"),
        new("GroupNormalization", "0x4x3, 4, 4", "num_groups=4"),
        .. LayerCases("LayerNormalization"),
        .. LayerCases("LayerNormalization:Mean"),
        .. LayerCases("LayerNormalization:InvStdDev"),
        .. RmsCases,
    ];

    private static IEnumerable<FunctionCase> BatchCases(string name, string set) =>
        BatchShapes.Select(
            shapes =>
                new FunctionCase(name, shapes,
                    set)
                { Domains = [.. Enumerable.Repeat(Domain.Nonzero, 4), Domain.Positive] });

    private static IEnumerable<FunctionCase> LayerCases(string name) =>
    [
        new(name, "3x5, 5, 5"),
        new(name, "3x5, 5"),
        new(name, "2x3x4, 3x4, 3x4", "axis=1"),
        new(name, "2x3x4, 2x3x4, 2x3x4", "axis=0"),
        new(name, "2x3x4, 3x4", "axis=-2"),
        new(name, "2x70, 70, 70", "epsilon=0.1"),
        new(name, "0x5, 5, 5"),
    ];

    private static IEnumerable<FunctionCase> RmsCases =>
    [
        new("RMSNormalization", "3x5, 5"),
        new("RMSNormalization", "5, 5"),
        new("RMSNormalization", "2x3x4, 3x4", "axis=1"),
        new("RMSNormalization", "2x3x4, 2x3x4", "axis=-3"),
        new("RMSNormalization", "2x70, 70", "epsilon=0.1"),
        new("RMSNormalization", "70x600, 600"),
        new("RMSNormalization", "3x1, 1", "epsilon=0.5"),
        new("RMSNormalization", "0x5, 5"),
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
