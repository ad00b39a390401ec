namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    // With extents of 4 and corners that are not aligned these lie between elements, inside the input and beyond it.
    private static Domain Within => new(0.3, 0.7, Signed: true);

    private static Domain Beyond => new(1.3, 1.7, Signed: true);

    private static IEnumerable<FunctionCase> Sampling =>
    [
        .. ((string[])["linear", "nearest", "cubic"]).SelectMany(mode =>
            ((string[])["zeros", "border", "reflection"]).SelectMany(padding => new FunctionCase[]
            {
                new("GridSample", "2x3x4x4, 2x2x3x2", $"mode={mode} padding_mode={padding}")
                {
                    Domains = [Domain.Nonzero, Within],
                },
                new("GridSample", "1x2x4x4, 1x3x2x2", $"mode={mode} padding_mode={padding}")
                {
                    Domains = [Domain.Nonzero, Beyond],
                },
                new("GridSample", "1x2x5x5, 1x3x2x2", $"mode={mode} padding_mode={padding} align_corners=1")
                {
                    Domains = [Domain.Nonzero, new Domain(0.05, 0.45, Signed: true)],
                },
            })),
        new("GridSample", "1x2x4x4x4, 1x2x1x3x3") { Domains = [Domain.Nonzero, Within] },
        new("GridSample", "2x1x4, 2x3x1") { Domains = [Domain.Nonzero, Within] },
        new("GridSample", "0x1x4x4, 0x2x2x2"),
        new("GridSample", "1x1x4x4, 1x0x2x2"),

        .. ((string[])["avg", "max"]).SelectMany(mode => new FunctionCase[]
        {
            new("RoiAlign", "2x3x6x5, 3x4, 3", $"mode={mode} output_height=2 output_width=3 sampling_ratio=2")
            {
                Domains = [Domain.Distinct(), new Domain(0.5, 4.5, Signed: false), Domain.Whole(0, 1)],
            },
            new("RoiAlign", "1x2x4x4, 2x4, 2",
                $"mode={mode} output_height=2 spatial_scale=0.5 coordinate_transformation_mode=output_half_pixel")
            {
                Domains = [Domain.Distinct(), new Domain(0, 9, Signed: true), Domain.Whole(0, 0)],
            },
        }),
        new("RoiAlign", "1x2x4x4, 0x4, 0") { Domains = [Domain.Distinct(), Domain.Positive, Domain.Whole(0, 0)] },
        new("RandomNormalLike", "2x3"),
        new("RandomNormalLike", "3x3", "mean=2.5 scale=0.5 seed=7.0"),
        new("RandomNormalLike", "0x3"),
        new("RandomUniformLike", "2x3"),
        new("RandomUniformLike", "()", "low=-1.5 high=2.5 seed=3.0"),
        new("Bernoulli", "2x9") { Domains = [new Domain(0.25, 0.75, Signed: false)] },
        new("Multinomial", "2x4", "sample_size=5"),
        new("Multinomial", "0x4"),
    ];
}
