namespace PcActors.Functions;

/// <summary>The windows of a pooling over planes [depth, height, width]; of fewer axes the first are not there.</summary>
internal readonly record struct PoolingGrid(PoolingAxis Depth, PoolingAxis Height, PoolingAxis Width)
{
    /// <summary>Elements of a plane of the input.</summary>
    public int InputPlane => Depth.Extent * Height.Extent * Width.Extent;

    /// <summary>Elements of a plane of the output.</summary>
    public int OutputPlane => Depth.Count * Height.Count * Width.Count;

    /// <summary>Where an input row of a tap begins in its plane.</summary>
    public int Row(int depth, int height) => ((depth * Height.Extent) + height) * Width.Extent;

    /// <summary>The rows of an output.</summary>
    /// <param name="length">Its elements, over all planes.</param>
    public PoolingRows Rows(int length) => new(this, length);
}
