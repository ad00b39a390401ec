using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Sums;

/// <summary>The sum of a matrix's rows, from zero, first to last: strips of columns are kept in registers.</summary>
internal static unsafe class ColumnSums<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Writes one sum a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* x, int rows, int columns, T* result)
    {
        var step = TLanes.Count;
        var column = 0;
        for (; column <= columns - (4 * step); column += 4 * step)
        {
            TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            var from = x + column;
            for (var row = 0; row < rows; row++, from += columns)
            {
                sum0 = TLanes.Add(sum0, TLanes.Load(from));
                sum1 = TLanes.Add(sum1, TLanes.Load(from + step));
                sum2 = TLanes.Add(sum2, TLanes.Load(from + (2 * step)));
                sum3 = TLanes.Add(sum3, TLanes.Load(from + (3 * step)));
            }
            TLanes.Store(sum0, result + column);
            TLanes.Store(sum1, result + column + step);
            TLanes.Store(sum2, result + column + (2 * step));
            TLanes.Store(sum3, result + column + (3 * step));
        }
        for (; column < columns; column += step)
        {
            TVector sum = default;
            var width = Math.Min(step, columns - column);
            var from = x + column;
            for (var row = 0; row < rows; row++, from += columns)
                sum = TLanes.Add(sum, width == step ? TLanes.Load(from) : TLanes.LoadFirst(from, width));
            TLanes.StoreFirst(sum, result + column, width);
        }
    }
}
