namespace PcActors.Tensors.Kernels.Lanes;

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
