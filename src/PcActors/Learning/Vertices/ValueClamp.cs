using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What a vertex's value is clamped to on one micro-batch: wholly, where a mask says, or nowhere.</summary>
internal sealed class ValueClamp<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Tensor<T>? _value;
    private Tensor<T>? _mask;

    /// <summary>Whether it has been said.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether nothing is clamped.</summary>
    public bool IsFree => _value is null;

    public void Reset() => (IsKnown, _value, _mask) = (false, null, null);

    /// <summary>Takes a clamp; false when there is one already.</summary>
    public bool Take(ClampData<T> clamp)
    {
        if (IsKnown) return false;
        (IsKnown, _value, _mask) = (true, clamp.Value, clamp.Mask);
        return true;
    }

    /// <summary>Puts the value at its start: the clamp's, also where it is free from there on.</summary>
    /// <param name="prediction">mu(0).</param>
    /// <param name="displacement">d = x - mu(0).</param>
    /// <param name="value">x.</param>
    public void Begin(ReadOnlySpan<T> prediction, Span<T> displacement, Span<T> value)
    {
        if (_value is null) return;
        _value.Span.CopyTo(value);
        for (var i = 0; i < value.Length; i++) displacement[i] = value[i] - prediction[i];
    }

    /// <summary>Puts other elements in the place of those where the value is clamped.</summary>
    public void Replace(Span<T> elements, ReadOnlySpan<T> others)
    {
        if (_value is null) return;
        for (var i = 0; i < elements.Length; i++)
        {
            if (_mask is null || _mask.Span[i] != T.Zero) elements[i] = others[i];
        }
    }

    /// <summary>Takes a movement back where the value is clamped.</summary>
    /// <param name="prediction">What the displacement is from: mu(0), or mu(t) of a value that is swept.</param>
    /// <param name="displacement">d.</param>
    /// <param name="value">x.</param>
    public void Hold(ReadOnlySpan<T> prediction, Span<T> displacement, Span<T> value)
    {
        if (_value is not { } clamped) return;
        for (var i = 0; i < value.Length; i++)
        {
            if (_mask is not null && _mask.Span[i] == T.Zero) continue;
            value[i] = clamped.Span[i];
            displacement[i] = clamped.Span[i] - prediction[i];
        }
    }
}
