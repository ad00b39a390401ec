using System.Globalization;
using System.Numerics;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcNode.Experiments;

/// <summary>An array that an option gives, as the tensor that stands for it.</summary>
/// <param name="Array">The array.</param>
/// <param name="Origin">The option, for messages.</param>
/// <param name="Rule">What floats have to be, for messages.</param>
internal sealed record GivenArray(NpyArray Array, string Origin, string Rule = "an input takes finite numbers")
{
    /// <summary>Whether floats may be infinite, as in a mask.</summary>
    public bool MayBeInfinite { get; init; }

    /// <summary>Whether the first axis is that of samples.</summary>
    public bool HasSamples { get; init; } = true;

    /// <summary>The array of an input.</summary>
    /// <param name="array">The array.</param>
    /// <param name="origin">The option.</param>
    /// <param name="inputs">How many inputs there are: of several one may be a mask, which may be infinite.</param>
    public static GivenArray OfInput(NpyArray array, string origin, int inputs) => inputs == 1
        ? new GivenArray(array, origin)
        : new GivenArray(array, origin, "an input takes numbers, and infinities as a mask") { MayBeInfinite = true };

    /// <summary>An element, in words.</summary>
    public string Words(int element) =>
        HasSamples ? ArrayOrigin.WordsOf(Array.Shape, element) : Array.ElementWords(element);

    /// <summary>Copies the elements. Integers must be exact, and floats be numbers.</summary>
    /// <param name="tensor">Receives them; of the array's shape.</param>
    /// <exception cref="UsageException">An integer is too large, or a float is none.</exception>
    public void CopyTo<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Array.ToTensor<T>().Span.CopyTo(tensor.Writable);
        if (Array.Type.IsFloat()) RequireNumbers(tensor.Span);
        else RequireExact(tensor.Span);
    }

    private void RequireNumbers<T>(ReadOnlySpan<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (T.IsFinite(elements[i]) || (MayBeInfinite && T.IsInfinity(elements[i]))) continue;
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"{Origin}: {Words(i)} of {Array.Source} is {elements[i]}; {Rule}"));
        }
    }

    private void RequireExact<T>(ReadOnlySpan<T> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (integers, largest) = (Array.ToIntegers(), T.CreateChecked(1L << 62));
        for (var i = 0; i < integers.Length; i++)
        {
            if (T.Abs(elements[i]) < largest && long.CreateTruncating(elements[i]) == integers[i]) continue;
            throw new UsageException(
                $"{Origin}: {Words(i)} of {Array.Source} is {integers[i]}, which "
                + $"{(typeof(T) == typeof(float) ? "float32 cannot hold; --dtype f64 may" : "float64 cannot hold")}");
        }
    }
}
