namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> ReductionCases =>
    [
        .. Reduce("ReduceMean"),
        .. Reduce("ReduceSum"),
        .. Reduce("ReduceL1"),
        .. Reduce("ReduceL2"),
        .. Reduce("ReduceSumSquare"),
        .. Reduce("ReduceLogSum", Domain.Positive),
        .. Reduce("ReduceLogSumExp"),
        .. Reduce("ReduceProd"),
        .. Reduce("ReduceMax", Domain.Distinct()),
        .. Reduce("ReduceMin", Domain.Distinct()),
        new("ReduceProd", "5x3", "axes=[0]") { Domains = [Domain.Whole(0, 3)] },
        new("ReduceL2", "2x0", "axes=[1]"),
        new("ReduceMax", "2x0", "axes=[1]"),
        new("ReduceLogSumExp", "2x0", "axes=[1]"),
        new("ReduceProd", "2x0", "axes=[1]"),
        new("ReduceL1", "2x600", "axes=[1]"),
        new("ReduceLogSumExp", "600x2", "axes=[0]"),

        new("CumSum", "5", "axis=0"),
        new("CumSum", "2x3", "axis=1"),
        new("CumSum", "2x3", "axis=-2 exclusive=1"),
        new("CumSum", "2x3x4", "axis=1 reverse=1"),
        new("CumSum", "2x3x4", "axis=-1 exclusive=1 reverse=1"),
        new("CumSum", "2x0", "axis=1"),
    ];

    private static IEnumerable<FunctionCase> Reduce(string name, Domain? domain = null) =>
        ReductionsOf(name).Select(example => example with { Domains = [domain ?? Domain.Nonzero] });

    private static IEnumerable<FunctionCase> ReductionsOf(string name) =>
    [
        new(name, "2x3x4"),
        new(name, "()"),
        new(name, "2x3", "keepdims=0"),
        new(name, "2x3", "axes=[]"),
        new(name, "2x3", "axes=[] noop_with_empty_axes=1"),
        new(name, "2x3", "noop_with_empty_axes=1"),
        new(name, "2x3", "axes=[1] noop_with_empty_axes=1"),
        new(name, "5x3", "axes=[0] keepdims=0"),
        new(name, "5x3", "axes=[1] keepdims=0"),
        new(name, "5x1", "axes=[0]"),
        new(name, "2x3x4", "axes=[0]"),
        new(name, "2x3x4", "axes=[1]"),
        new(name, "2x3x4", "axes=[-1]"),
        new(name, "2x3x4", "axes=[-2] keepdims=0"),
        new(name, "2x3x4", "axes=[0,2] keepdims=0"),
        new(name, "2x3x4", "axes=[-1,0]"),
        new(name, "2x3x4", "axes=[1,2]"),
        new(name, "2x3x2x2", "axes=[2,3]"),
        new(name, "2x3x1", "axes=[2] keepdims=0"),
        new(name, "2x3x1", "axes=[0,2]"),
        new(name, "1x3", "axes=[0]"),
        new(name, "0x3", "axes=[1]"),
    ];
}
