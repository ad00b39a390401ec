using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>An array [N, C, ...] as columns of C channels, one for each sample and place.</summary>
/// <param name="shape">Its shape, of two axes or more.</param>
internal readonly struct ChannelColumn(Shape shape)
{
    private readonly int _places = shape.LengthOf(2, shape.Rank);

    /// <summary>Elements of a column.</summary>
    public int Channels { get; } = shape.Dimensions[1];

    /// <summary>How many columns there are.</summary>
    public int Count { get; } = shape.Dimensions[0] * shape.LengthOf(2, shape.Rank);

    /// <summary>Where a column's element of a channel is.</summary>
    public int At(int column, int channel) => (((column / _places * Channels) + channel) * _places) + (column % _places);
}
