namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Scalar =>
    [
        .. Unary("Sin"),
        .. Unary("Cos"),
        .. Unary("Tan", new Domain(0.1, 1.2, Signed: true)),
        .. Unary("Asin", new Domain(0.05, 0.9, Signed: true)),
        .. Unary("Acos", new Domain(0.05, 0.9, Signed: true)),
        .. Unary("Atan"),
        .. Unary("Sinh"),
        .. Unary("Cosh"),
        .. Unary("Asinh"),
        .. Unary("Acosh", new Domain(1.25, 3, Signed: false)),
        .. Unary("Atanh", new Domain(0.05, 0.9, Signed: true)),
        .. Unary("Erf"),

        .. Unary("Ceil", new Domain(0.55, 0.95, Signed: true)),
        .. Unary("Floor", new Domain(0.55, 0.95, Signed: true)),
        .. Unary("Round", new Domain(0.55, 0.95, Signed: true)),
        .. Unary("Sign"),

        .. Unary("Elu"),
        new("Elu", "2x3", "alpha=2.5"),
        .. Unary("Celu"),
        new("Celu", "2x3", "alpha=0.5"),
        .. Unary("Selu"),
        new("Selu", "2x3", "alpha=2.0 gamma=3.0"),
        .. Unary("LeakyRelu"),
        new("LeakyRelu", "2x3", "alpha=0.1"),
        .. Unary("ThresholdedRelu", new Domain(1.01, 2, Signed: true)),
        new("ThresholdedRelu", "2x5", "alpha=0.2"),
        new("ThresholdedRelu", "2x5", "alpha=-0.2"),
        .. Unary("HardSigmoid"),
        new("HardSigmoid", "2x5") { Domains = [new Domain(2.6, 4, Signed: true)] },
        new("HardSigmoid", "2x5", "alpha=0.5 beta=0.6"),
        .. Unary("HardSwish"),
        new("HardSwish", "2x5") { Domains = [new Domain(3.1, 4, Signed: true)] },
        .. Unary("Gelu"),
        new("Gelu", "37", "approximate=tanh"),
        new("Gelu", "5", "approximate=none") { Domains = [new Domain(2, 6, Signed: true)] },
        .. Unary("Mish"),
        new("Mish", "2x5") { Domains = [new Domain(2, 45, Signed: true)] },
        .. Unary("Softplus"),
        new("Softplus", "2x5") { Domains = [new Domain(2, 45, Signed: true)] },
        .. Unary("Softsign"),
    ];
}
