using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PcActors.Tensors.Kernels;

/// <summary>Matrix transposition in blocks of registers.</summary>
internal static unsafe class Transposition
{
    private const int LineElements = 16;

    /// <summary>destination[j, i] = source[i, j]; each has adjacent columns and the row stride given.</summary>
    public static void Run<T>(int rows, int columns, T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Sse2.IsSupported && !AdvSimd.Arm64.IsSupported)
        {
            Scalar(rows, columns, source, sourceRow, destination, destinationRow);
            return;
        }
        var step = typeof(T) == typeof(float) ? 4 : 2;
        // A cache line of each source row at a time, so that the lines written are complete before they are left.
        for (var chunk = 0; chunk < columns; chunk += LineElements)
        {
            var width = Math.Min(LineElements, columns - chunk);
            var from = source + chunk;
            var to = destination + (chunk * destinationRow);
            var i = 0;
            for (; i <= rows - step; i += step)
            {
                var j = 0;
                for (; j <= width - step; j += step) Block(from + j, sourceRow, to + (j * destinationRow), destinationRow);
                Scalar(step, width - j, from + j, sourceRow, to + (j * destinationRow), destinationRow);
                from += step * sourceRow;
                to += step;
            }
            Scalar(rows - i, width, from, sourceRow, to, destinationRow);
        }
    }

    private static void Scalar<T>(int rows, int columns, T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < rows; i++) destination[(j * destinationRow) + i] = source[(i * sourceRow) + j];
        }
    }

    /// <summary>A block of 4 x 4 floats or 2 x 2 doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block<T>(T* source, nint sourceRow, T* destination, nint destinationRow)
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            var row0 = Vector128.Load((float*)source);
            var row1 = Vector128.Load((float*)(source + sourceRow));
            var row2 = Vector128.Load((float*)(source + (2 * sourceRow)));
            var row3 = Vector128.Load((float*)(source + (3 * sourceRow)));
            var low01 = ZipLow(row0, row1).AsDouble();
            var low23 = ZipLow(row2, row3).AsDouble();
            var high01 = ZipHigh(row0, row1).AsDouble();
            var high23 = ZipHigh(row2, row3).AsDouble();
            ZipLow(low01, low23).AsSingle().Store((float*)destination);
            ZipHigh(low01, low23).AsSingle().Store((float*)(destination + destinationRow));
            ZipLow(high01, high23).AsSingle().Store((float*)(destination + (2 * destinationRow)));
            ZipHigh(high01, high23).AsSingle().Store((float*)(destination + (3 * destinationRow)));
        }
        else
        {
            var row0 = Vector128.Load((double*)source);
            var row1 = Vector128.Load((double*)(source + sourceRow));
            ZipLow(row0, row1).Store((double*)destination);
            ZipHigh(row0, row1).Store((double*)(destination + destinationRow));
        }
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
