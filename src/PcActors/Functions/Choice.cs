using System.Numerics;

namespace PcActors.Functions;

/// <summary>Chooses between elements by truth values.</summary>
internal static class Choice
{
    /// <summary>x where a condition is true, which is all but 0, and y elsewhere. Each operand is as long as the
    /// result, or one element for all of it; x or y may be the result.</summary>
    public static void Take<T>(
        ReadOnlySpan<T> condition, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (condition.Length == 1 && result.Length != 1)
        {
            var all = condition[0] != T.Zero ? x : y;
            if (all.Length == 1) result.Fill(all[0]);
            else all.CopyTo(result);
            return;
        }
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        var i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var isFalse = Vector.Equals(new Vector<T>(condition[i..]), Vector<T>.Zero);
            var vectorX = stepX == 0 ? new Vector<T>(x[0]) : new Vector<T>(x[i..]);
            var vectorY = stepY == 0 ? new Vector<T>(y[0]) : new Vector<T>(y[i..]);
            Vector.ConditionalSelect(isFalse, vectorY, vectorX).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++) result[i] = condition[i] != T.Zero ? x[i * stepX] : y[i * stepY];
    }
}
