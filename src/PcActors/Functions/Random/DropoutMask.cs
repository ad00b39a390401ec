using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Functions;

/// <summary>Which elements a dropout keeps: a pure function of its attributes, and that of ONNX's reference.</summary>
/// <remarks>Attributes: ratio (0.5), the probability of being dropped; training_mode (0): outside it all are kept; seed (0), of
/// which the lower 32 bits count. An element is kept when its number in [0, 1), drawn in row-major order, is not below the
/// ratio.</remarks>
internal sealed class DropoutMask
{
    private readonly uint _seed;
    private readonly double _ratio;

    /// <summary>The mask of the attributes.</summary>
    /// <exception cref="AttributeException">The ratio is no probability.</exception>
    public DropoutMask(Attributes attributes)
    {
        _ratio = attributes.Float("ratio", 0.5);
        if (!(_ratio is >= 0 and <= 1)) throw new AttributeException($"ratio is {_ratio}; it must lie in [0, 1]");
        KeepsAll = !attributes.Flag("training_mode", false) || _ratio == 0;
        _seed = (uint)attributes.Integer("seed", 0);
    }

    /// <summary>Whether every element is kept, as it is.</summary>
    public bool KeepsAll { get; }

    /// <summary>Elements that are kept over 1 - ratio, so that the expected value stays, and 0 for the others.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="result">Receives them.</param>
    public void Drop<T>(ReadOnlySpan<T> source, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        source.CopyTo(result);
        if (!KeepsAll) Apply(result, T.CreateChecked(1 / (1 - _ratio)));
    }

    /// <summary>1 for each element that is kept, 0 for the others.</summary>
    public void Fill<T>(Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        result.Fill(T.One);
        if (!KeepsAll) Apply(result, T.One);
    }

    [SkipLocalsInit]
    private void Apply<T>(Span<T> elements, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new MersenneTwister(_seed, stackalloc uint[MersenneTwister.Size]);
        foreach (ref var element in elements) element = numbers.NextDouble() >= _ratio ? element * scale : T.Zero;
    }
}
