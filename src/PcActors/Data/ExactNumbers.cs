using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>Arrays that inputs get as they are: token ids, masks, further features.</summary>
internal static class ExactNumbers
{
    /// <summary>An array's elements, integers exactly.</summary>
    /// <exception cref="DataException">A whole number cannot be held exactly, or an element is not a
    /// number.</exception>
    public static Tensor<T> Of<T>(NpyArray array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = array.ToTensor<T>();
        var elements = tensor.Span;
        var integers = array.Type.IsFloat() ? null : array.ToIntegers();
        for (var i = 0; i < elements.Length; i++)
        {
            if (integers is not null ? double.CreateTruncating(elements[i]).Equals((double)integers[i])
                    && Math.Abs(integers[i]) < 1L << 53
                : !T.IsNaN(elements[i])) continue;
            var place = ArrayOrigin.WordsOf(array.Shape, i);
            throw integers is null
                ? new DataException(array.Source, $"{place} is NaN", "an input takes numbers")
                : new DataException(array.Source, FormattableString.Invariant($"{place} is {integers[i]}"),
                    $"{typeof(T).Name} cannot hold it exactly; double precision may (--dtype f64)");
        }
        return tensor;
    }
}
