using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>Comparison bit by bit: zeros of different signs differ, every NaN equals every NaN.</summary>
internal static class Bits
{
    public static void AssertEqual<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!AreEqual(expected[i], actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}");
        }
    }

    public static bool AreEqual<T>(T a, T b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (T.IsNaN(a) && T.IsNaN(b)) || Of(a) == Of(b);

    public static long Of<T>(T value)
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == sizeof(float)
            ? Unsafe.BitCast<T, int>(value)
            : Unsafe.BitCast<T, long>(value);
}
