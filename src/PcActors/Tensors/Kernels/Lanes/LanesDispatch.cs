using System.Numerics;
using System.Runtime.Intrinsics;

namespace PcActors.Tensors.Kernels.Lanes;

/// <summary>Work that is written once for all types and registers.</summary>
internal interface ILanesAction
{
    /// <summary>Does it.</summary>
    void Run<T, TVector, TLanes>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : unmanaged
        where TLanes : struct, ILanes<TVector, T>;
}

/// <summary>Goes from a type and a width to the registers.</summary>
internal static class LanesDispatch
{
    /// <summary>Runs an action on registers of elements <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Run<T, TAction>(in TAction action, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TAction : struct, ILanesAction
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"tensors hold float or double, not {typeof(T).Name}");
        if (width == VectorWidth.Bits512) action.Run<T, Vector512<T>, Lanes512<T>>();
        else if (width == VectorWidth.Bits256) action.Run<T, Vector256<T>, Lanes256<T>>();
        else action.Run<T, Vector128<T>, Lanes128<T>>();
    }
}

/// <summary>Registers loaded and stored in part, element by element, where there are no masked instructions.</summary>
internal static unsafe class PartialLanes
{
    /// <summary>The first elements, zero in place of the others.</summary>
    public static TVector Load<TVector, T>(T* source, int count)
        where TVector : unmanaged
        where T : unmanaged
    {
        TVector value = default;
        var lanes = (T*)&value;
        for (var i = 0; i < count; i++) lanes[i] = source[i];
        return value;
    }

    /// <summary>Writes the first elements only.</summary>
    public static void Store<TVector, T>(TVector value, T* destination, int count)
        where TVector : unmanaged
        where T : unmanaged
    {
        var lanes = (T*)&value;
        for (var i = 0; i < count; i++) destination[i] = lanes[i];
    }
}
