namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static string[] SliceSets => ["axis=0", "axis=1", "axis=-1", "axis=-2"];

    // Quotients from 2.2 to 2.9: none is near a whole number, where a remainder jumps.
    private static Domain Dividend => new(1, 1.15, Signed: true);

    private static Domain Divisor => new(0.4, 0.45, Signed: true);

    private static IEnumerable<FunctionCase> Ordering =>
    [
        .. Extreme("ArgMax"),
        .. Extreme("ArgMin"),
        .. Top("TopK"),
        .. Top("TopK:Indices"),
        .. Running("CumProd"),
        new("CumProd", "3x5", "axis=1") { Domains = [Domain.Whole(0, 2)] },
        new("CumProd", "3x5", "axis=0 exclusive=1 reverse=1") { Domains = [Domain.Whole(0, 1)] },

        new("Det", "3x3"),
        new("Det", "2x4x4"),
        new("Det", "2x3x1x1"),
        new("Det", "1x2x2") { Domains = [Domain.Whole(1, 1)] },
        new("Det", "4x4") { Domains = [Domain.Whole(0, 1)] },
        new("Det", "0x2x2"),
        new("Det", "2x0x0"),
    ];

    private static IEnumerable<FunctionCase> Remainders =>
    [
        .. BinaryShapes.Select(shapes => new FunctionCase("Mod", shapes)
        {
            Domains = [Dividend, Divisor],
        }),
        new("Mod", "2x7, 7", "fmod=1") { Domains = [Dividend, Divisor] },
        new("Mod", "2x7, ()", "fmod=0 element_type=int32") { Domains = [Domain.Whole(-9, 9), Domain.Whole(-5, -2)] },
        new("Mod", "2x7, 7", "fmod=1 element_type=int64") { Domains = [Domain.Whole(-9, 9), Domain.Whole(1, 4)] },

        .. Bits("BitShift", "direction=LEFT element_type=uint8"),
        .. Bits("BitShift", "direction=RIGHT element_type=uint16"),
        .. Bits("BitwiseAnd", "element_type=int32"),
        .. Bits("BitwiseOr", "element_type=uint8"),
        .. Bits("BitwiseXor", "element_type=int64"),
        .. UnaryShapes.Select(s => new FunctionCase("BitwiseNot", s, "element_type=int8")
        {
            Domains = [Domain.Whole(-128, 127)],
        }),

        .. Unary("IsNaN"),
        .. Unary("IsInf"),
        new("IsInf", "5", "detect_negative=0"),
        .. Unary("Shrink", new Domain(0.55, 1.5, Signed: true)),
        new("Shrink", "2x5", "lambd=0.2 bias=0.1"),
        new("Shrink", "2x5", "lambd=1.6 bias=0.1"),
        .. Unary("Swish"),
        new("Swish", "2x5", "alpha=1.7") { Domains = [new Domain(2, 45, Signed: true)] },
    ];

    private static IEnumerable<FunctionCase> Extreme(string name) =>
    [
        new(name, "5") { Domains = [Domain.Distinct()] },
        .. SliceSets.Select(set => new FunctionCase(name, "2x3x4", set) { Domains = [Domain.Distinct()] }),
        new(name, "3x4", "keepdims=0") { Domains = [Domain.Whole(0, 2)] },
        new(name, "3x4", "axis=1 select_last_index=1") { Domains = [Domain.Whole(0, 2)] },
        new(name, "2x0"),
    ];

    private static IEnumerable<FunctionCase> Top(string name) =>
    [
        new(name, "7", "k=3") { Domains = [Domain.Distinct()] },
        .. SliceSets.Select(set => new FunctionCase(name, "3x4x2", $"k=2 {set}") { Domains = [Domain.Distinct()] }),
        new(name, "2x5", "k=5 largest=0") { Domains = [Domain.Distinct()] },
        new(name, "2x5", "k=0") { Domains = [Domain.Distinct()] },
        new(name, "0x5", "k=2"),
        new(name, "2x40", "k=7 sorted=0 largest=0") { Domains = [Domain.Distinct()] },
    ];

    private static IEnumerable<FunctionCase> Running(string name) =>
    [
        .. SliceSets.Select(set => new FunctionCase(name, "3x4", set)),
        new(name, "2x3x4", "axis=1 exclusive=1"),
        new(name, "2x3x4", "axis=1 reverse=1"),
        new(name, "5", "axis=0 exclusive=1 reverse=1"),
        new(name, "0x3", "axis=0"),
        new(name, "3x0", "axis=0"),
    ];

    private static IEnumerable<FunctionCase> Bits(string name, string set) => ConditionShapes.Select(
        shapes => new FunctionCase(name, shapes, set) { Domains = [Domain.Whole(0, 200), Domain.Whole(0, 9)] });
}
