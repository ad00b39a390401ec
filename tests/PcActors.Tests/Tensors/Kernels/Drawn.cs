using System.Numerics;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>What kernels are tested on.</summary>
internal static class Drawn
{
    /// <summary>Numbers from -1 to 1.</summary>
    public static T[] Numbers<T>(Random random, int length)
        where T : IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, length).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
}
