namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    // Plain, scalar, empty, beyond a vector register.
    private static string[] UnaryShapes => ["2x3", "()", "0x3", "37"];

    private static string[] BinaryShapes =>
    [
        "2x3, 2x3",             // equal
        "(), ()",               // scalars
        "4x3, 3", "3, 4x3",     // a bias, on either side
        "4x1, 1",               // a bias of one unit
        "2x3, ()", "1, 2x3",    // one element for all
        "2x1, 1x3", "3, 2x1",   // both broadcast
        "2x3x4, 3x1", "2x3x4, 2x1x4", "2x3x4, 2x1x1",
        "4x1x5, 3x1",           // both broadcast, over different axes
        "2x3x2x2, 3x1x1",       // a bias of each channel
        "2x3, 1x1x3",           // leading axes of extent 1
        "2x3x1, 4",
        "0x3, 3", "1x3, 0x1",   // empty
        "2x520, 520", "2x520, 2x1", "1030, ()", // beyond the buffer of terms
    ];

    private static IEnumerable<FunctionCase> Elementwise =>
    [
        .. Unary("Exp"),
        .. Unary("Log", Domain.Positive),
        .. Unary("Neg"),
        .. Unary("Relu"),
        .. Unary("Sigmoid"),
        .. Unary("Tanh"),
        .. Unary("Abs"),
        .. Unary("Sqrt", Domain.Positive),
        .. Unary("Reciprocal"),
        .. Binary("Add"),
        .. Binary("Div"),
        .. Binary("Mul"),
        .. Binary("Sub"),
        .. BinaryShapes.Where(shapes => !shapes.Contains("520", StringComparison.Ordinal))
            .Select(shapes => new FunctionCase("Pow", shapes) { Domains = [Domain.Positive, Domain.Nonzero] }),
        .. PowerCases,
        .. BinaryShapes.Where(shapes => shapes is not ("3, 4x3" or "1, 2x3" or "2x1, 1x3" or "3, 2x1" or "4x1x5, 3x1"
            or "2x3, 1x1x3" or "2x3x1, 4" or "1x3, 0x1")).Select(shapes => new FunctionCase("PRelu", shapes)),
        new("Div", "2x3, 3", "element_type=int32") { Domains = [Domain.Whole(-9, 9), Domain.Whole(1, 4)] },
    ];

    private static IEnumerable<FunctionCase> PowerCases =>
    [
        new("Pow", "5, ()") { Domains = [Domain.Positive, Domain.Whole(2, 2)] },
        new("Pow", "2x5, 5") { Domains = [Domain.Positive, Domain.Whole(-2, 2)] },
        new("Pow", "2x3, 3", "element_type=int64") { Domains = [Domain.Whole(-4, 4), Domain.Whole(0, 5)] },
    ];

    private static IEnumerable<FunctionCase> Unary(string name, Domain? domain = null) =>
        UnaryShapes.Select(shapes => new FunctionCase(name, shapes) { Domains = [domain ?? Domain.Nonzero] });

    private static IEnumerable<FunctionCase> Binary(string name, params Domain[] domains) =>
        BinaryShapes.Select(
            shapes => new FunctionCase(name, shapes) { Domains = domains is [] ? [Domain.Nonzero] : domains });
}
