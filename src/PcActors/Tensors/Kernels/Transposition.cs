using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PcActors.Tensors.Kernels;

/// <summary>Matrix transposition in blocks of registers.</summary>
internal static unsafe class Transposition
{
    // Elements in a cache line of floats.
    private const int LineElements = 16;

    /// <summary>destination[j, i] = source[i, j]; each has adjacent columns and the row stride given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(int rows, int columns, T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = Avx.IsSupported ? 32 / sizeof(T) : int.MaxValue;
        var blockRows = rows / step * step;
        var blockColumns = columns / step * step;
        if (blockRows == 0 || blockColumns == 0)
        {
            Rest(rows, columns, source, sourceRow, destination, destinationRow);
            return;
        }
        // A cache line of each source row at a time, so that the lines written are complete before they are left.
        for (var chunk = 0; chunk < blockColumns; chunk += LineElements)
        {
            var end = Math.Min(chunk + LineElements, blockColumns);
            for (var i = 0; i < blockRows; i += step)
            {
                for (var j = chunk; j < end; j += step)
                    Block(source + (i * sourceRow) + j, sourceRow, destination + (j * destinationRow) + i,
                        destinationRow);
            }
        }
        if (blockColumns < columns)
        {
            var below = destination + (blockColumns * destinationRow);
            Rest(blockRows, columns - blockColumns, source + blockColumns, sourceRow, below, destinationRow);
        }
        if (blockRows < rows)
            Rest(rows - blockRows, columns, source + (blockRows * sourceRow), sourceRow, destination + blockRows,
                destinationRow);
    }

    /// <summary>The same in the smallest blocks, where there are enough rows and columns for one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest<T>(int rows, int columns, T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var step = Sse2.IsSupported || AdvSimd.Arm64.IsSupported ? 16 / sizeof(T) : int.MaxValue;
        var i = 0;
        for (; i <= rows - step; i += step)
        {
            var j = 0;
            for (; j <= columns - step; j += step)
                SmallBlock(source + (i * sourceRow) + j, sourceRow, destination + (j * destinationRow) + i,
                    destinationRow);
            Scalar(step, columns - j, source + (i * sourceRow) + j, sourceRow, destination + (j * destinationRow) + i,
                destinationRow);
        }
        if (i < rows) Scalar(rows - i, columns, source + (i * sourceRow), sourceRow, destination + i, destinationRow);
    }

    private static void Scalar<T>(int rows, int columns, T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) destination[(j * destinationRow) + i] = source[(i * sourceRow) + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<T>(T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) EightByEight((float*)source, sourceRow, (float*)destination, destinationRow);
        else FourByFour((double*)source, sourceRow, (double*)destination, destinationRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SmallBlock<T>(T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) FourByFour((float*)source, sourceRow, (float*)destination, destinationRow);
        else TwoByTwo((double*)source, sourceRow, (double*)destination, destinationRow);
    }

    // Halves of rows i and i + 4 share a register, so that no value has to cross its middle afterwards.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByEight(float* source, nint sourceRow, float* destination, nint destinationRow)
    {
        var lower = source + (4 * sourceRow);
        FourPairs(source, lower, sourceRow, destination, destinationRow);
        FourPairs(source + 4, lower + 4, sourceRow, destination + (4 * destinationRow), destinationRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourPairs(float* upper, float* lower, nint sourceRow, float* destination, nint destinationRow)
    {
        var row0 = Pair(upper, lower);
        var row1 = Pair(upper + sourceRow, lower + sourceRow);
        var row2 = Pair(upper + (2 * sourceRow), lower + (2 * sourceRow));
        var row3 = Pair(upper + (3 * sourceRow), lower + (3 * sourceRow));
        var low01 = Avx.UnpackLow(row0, row1).AsDouble();
        var low23 = Avx.UnpackLow(row2, row3).AsDouble();
        var high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        var high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(destination);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(destination + destinationRow);
        Avx.UnpackLow(high01, high23).AsSingle().Store(destination + (2 * destinationRow));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(destination + (3 * destinationRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Pair<T>(T* low, T* high)
        where T : unmanaged => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(double* source, nint sourceRow, double* destination, nint destinationRow)
    {
        var lower = source + (2 * sourceRow);
        var row0 = Pair(source, lower);
        var row1 = Pair(source + sourceRow, lower + sourceRow);
        Avx.UnpackLow(row0, row1).Store(destination);
        Avx.UnpackHigh(row0, row1).Store(destination + destinationRow);
        row0 = Pair(source + 2, lower + 2);
        row1 = Pair(source + sourceRow + 2, lower + sourceRow + 2);
        Avx.UnpackLow(row0, row1).Store(destination + (2 * destinationRow));
        Avx.UnpackHigh(row0, row1).Store(destination + (3 * destinationRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourByFour(float* source, nint sourceRow, float* destination, nint destinationRow)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceRow);
        var row2 = Vector128.Load(source + (2 * sourceRow));
        var row3 = Vector128.Load(source + (3 * sourceRow));
        var low01 = ZipLow(row0, row1).AsDouble();
        var low23 = ZipLow(row2, row3).AsDouble();
        var high01 = ZipHigh(row0, row1).AsDouble();
        var high23 = ZipHigh(row2, row3).AsDouble();
        ZipLow(low01, low23).AsSingle().Store(destination);
        ZipHigh(low01, low23).AsSingle().Store(destination + destinationRow);
        ZipLow(high01, high23).AsSingle().Store(destination + (2 * destinationRow));
        ZipHigh(high01, high23).AsSingle().Store(destination + (3 * destinationRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoByTwo(double* source, nint sourceRow, double* destination, nint destinationRow)
    {
        var row0 = Vector128.Load(source);
        var row1 = Vector128.Load(source + sourceRow);
        ZipLow(row0, row1).Store(destination);
        ZipHigh(row0, row1).Store(destination + destinationRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipLow(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ZipHigh(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
