using System.Numerics;
using PcActors.Functions;

namespace PcActors.Runs;

/// <summary>What is compiled ahead of time for each element type, where an assembly is. It is never called: a compiler
/// that looks only at the code does not see what is behind places, actors' constructors and operators' names.</summary>
internal static class CompiledAhead
{
    public static object[] Single(InProcess place) => Of<float>(place, null!);

    public static object[] Double(InProcess place) => Of<double>(place, null!);

    private static object[] Of<T>(InProcess place, NetworkPlan<T> plan)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        place.StartAsync(plan, default), typeof(CoordinatorActor<T>), typeof(VertexHost<T>), typeof(VertexActor<T>),
        typeof(Concat<T>), typeof(Gemm<T>), typeof(Identity<T>), typeof(Slice<T>), typeof(Tanh<T>),
    ];
}
