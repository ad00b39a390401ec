namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Indexing =>
    [
        .. Indexed("Gather", 5, "5, 3", "5, ()", "5x2, 2x4", "5x0, 3", "5, 0"),
        .. Indexed("Gather", 4, "axis=1", "3x4x2, 3", "3x4, 2x2", "0x4, 2"),
        .. Indexed("Gather", 4, "axis=-1", "3x4, 6", "2x3x4, 1"),

        .. Indexed("GatherElements", 3, "3x4, 2x4", "3, 7", "3x4x2, 5x2x1", "3x4, 0x4"),
        .. Indexed("GatherElements", 4, "axis=1", "3x4, 3x6", "3x4x2, 2x5x2"),
        .. Indexed("GatherElements", 2, "axis=-1", "3x4x2, 1x4x3"),

        .. Indexed("GatherND", 2, "2x2, 2x2", "2x2x3, 4x2", "2x3x2, 2x1x1", "2x3, 0x1", "3x2, 1x3x0"),
        .. Indexed("GatherND", 2, "batch_dims=1", "3x2x4, 3x1", "3x2x2, 3x5x2"),
        .. Indexed("GatherND", 2, "batch_dims=2", "2x3x2x4, 2x3x1"),

        .. Scattered("none"),
        .. Scattered("add"),
        .. Scattered("mul"),
        .. Scattered("max"),
        .. Scattered("min"),

        new("OneHot", "3, 2", "depth=4") { Domains = [Domain.Whole(-4, 3), Domain.Nonzero] },
        new("OneHot", "2x3, 2", "depth=3 axis=1") { Domains = [Domain.Whole(-5, 5), Domain.Nonzero] },
        new("OneHot", "2x3, 2", "depth=3 axis=0") { Domains = [Domain.Whole(0, 2), Domain.Nonzero] },
        new("OneHot", "2x3, 2", "depth=3 axis=-2") { Domains = [Domain.Whole(0, 2), Domain.Nonzero] },
        new("OneHot", "(), 2", "depth=5") { Domains = [Domain.Whole(0, 4), Domain.Nonzero] },
        new("OneHot", "3, 2", "depth=0") { Domains = [Domain.Whole(0, 4), Domain.Nonzero] },
    ];

    /// <summary>Indices lie from -extent to extent - 1; with few of them, most are repeated.</summary>
    private static IEnumerable<FunctionCase> Indexed(string name, int extent, params string[] shapes)
    {
        var set = shapes[0].Contains('=', StringComparison.Ordinal) ? shapes[0] : "";
        return shapes.Where(text => text != set)
            .Select(
                text =>
                    new FunctionCase(name, text,
                        set)
                    { Domains = [Domain.Nonzero, Domain.Whole(-extent, extent - 1)] });
    }

    private static IEnumerable<FunctionCase> Scattered(string reduction) =>
    [
        Scatter("ScatterElements", 3, "3x3, 2x3, 2x3", $"reduction={reduction}"),
        Scatter("ScatterElements", 5, "2x5, 1x7, 1x7", $"axis=1 reduction={reduction}"),
        Scatter("ScatterElements", 2, "3x4x2, 2x3x3, 2x3x3", $"axis=-1 reduction={reduction}"),
        Scatter("ScatterElements", 2, "3x2, 0x2, 0x2", $"reduction={reduction}"),
        Scatter("ScatterND", 8, "8, 4x1, 4", $"reduction={reduction}"),
        Scatter("ScatterND", 4, "4x4x2, 6x1, 6x4x2", $"reduction={reduction}"),
        Scatter("ScatterND", 2, "2x3x2, 2x2x2, 2x2x2", $"reduction={reduction}"),
        Scatter("ScatterND", 2, "2x3, 0x1, 0x3", $"reduction={reduction}"),
    ];

    private static FunctionCase Scatter(string name, int extent, string shapes, string set) => new(name, shapes, set)
    {
        Domains = [Domain.Distinct(0, 2), Domain.Whole(-extent, extent - 1), Domain.Distinct(1, 2)],
    };
}
