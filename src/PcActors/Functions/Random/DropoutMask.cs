using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>Which elements a dropout keeps: a pure function of its attributes and of an element's number.</summary>
/// <remarks>Attributes: ratio (0.5), the probability of being dropped; training_mode (0): outside it all are kept; seed (0).
/// An element's random number is splitmix64's at the element's number, from a state that the seed gives.</remarks>
internal sealed class DropoutMask
{
    private readonly ulong _state;
    private readonly double _ratio;

    /// <summary>The mask of the attributes.</summary>
    /// <exception cref="AttributeException">The ratio is no probability.</exception>
    public DropoutMask(Attributes attributes)
    {
        _ratio = attributes.Float("ratio", 0.5);
        if (!(_ratio is >= 0 and <= 1)) throw new AttributeException($"ratio is {_ratio}; it must lie in [0, 1]");
        KeepsAll = !attributes.Flag("training_mode", false) || _ratio == 0;
        _state = new SeededRandom((ulong)attributes.Integer("seed", 0), "Dropout").NextUInt64();
    }

    /// <summary>Whether every element is kept, as it is.</summary>
    public bool KeepsAll { get; }

    /// <summary>What a kept element is multiplied by, so that the expected value stays.</summary>
    public double Scale => KeepsAll ? 1 : 1 / (1 - _ratio);

    /// <summary>Whether an element is kept.</summary>
    public bool Keeps(int element)
    {
        if (KeepsAll) return true;
        var bits = SeededRandom.Mix(_state + ((ulong)(element + 1L) * 0x9E3779B97F4A7C15));
        return (bits >> 11) * (1.0 / (1UL << 53)) >= _ratio;
    }
}
