namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>Memory that the caller holds in its place while parts of a kernel work at it.</summary>
internal readonly unsafe struct HeldMemory<T>(T* start, int length)
    where T : unmanaged
{
    /// <summary>Its elements.</summary>
    public Span<T> Span => new(start, length);
}
