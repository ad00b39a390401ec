using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>A function's constants for floats and for doubles, in the order of its fields.</summary>
internal sealed class ConstantTable((float Single, double Double)[] constants)
{
    // Arrays: what the compiler knew to be constant it would read from memory in each round of a loop.
    private readonly float[] _singles = [.. constants.Select(constant => constant.Single)];
    private readonly double[] _doubles = [.. constants.Select(constant => constant.Double)];

    /// <summary>The constants of a type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Of<T>()
        where T : unmanaged => ref typeof(T) == typeof(float)
            ? ref Unsafe.As<float, T>(ref MemoryMarshal.GetArrayDataReference(_singles))
            : ref Unsafe.As<double, T>(ref MemoryMarshal.GetArrayDataReference(_doubles));

    /// <summary>One of them in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector At<T, TVector, TLanes>(ref T constants, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T> => TLanes.Broadcast(Unsafe.Add(ref constants, index));
}
