using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>What happens between a run of an image's row and a run of a row of columns.</summary>
internal unsafe interface IRowTransfer
{
    /// <summary>Whether the image is written, and the columns, which are then done with, are read.</summary>
    static abstract bool IsToImage { get; }

    /// <summary>For outputs that read the image.</summary>
    /// <param name="image">The first one's element.</param>
    /// <param name="stride">The distance of neighbouring ones' elements.</param>
    /// <param name="column">The run of the row of columns.</param>
    /// <param name="count">Its length.</param>
    static abstract void Inside<T>(T* image, int stride, T* column, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>For outputs that read zeros around the image.</summary>
    static abstract void Outside<T>(T* column, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Copies the image to the columns.</summary>
internal readonly unsafe struct CopyToColumns : IRowTransfer
{
    static bool IRowTransfer.IsToImage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRowTransfer.Inside<T>(T* image, int stride, T* column, int count)
    {
        if (stride == 1) Copy(image, column, count);
        else Strided(image, stride, column, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRowTransfer.Outside<T>(T* column, int count)
    {
        for (var i = 0; i < count; i++) column[i] = T.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strided<T>(T* from, nint stride, T* to, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (; count >= 4; count -= 4, to += 4, from += 4 * stride)
        {
            var (a, b, c, d) = (from[0], from[stride], from[2 * stride], from[3 * stride]);
            to[0] = a;
            to[1] = b;
            to[2] = c;
            to[3] = d;
        }
        for (; count > 0; count--, from += stride) *to++ = *from;
    }

    /// <summary>Copies a run that is short, as a rule. The last register overlaps the one before where the run does not
    /// fill it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* from, T* to, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count >= Vector256<T>.Count)
        {
            var last = count - Vector256<T>.Count;
            for (var i = 0; i < last; i += Vector256<T>.Count) Vector256.Store(Vector256.Load(from + i), to + i);
            Vector256.Store(Vector256.Load(from + last), to + last);
        }
        else if (count >= Vector128<T>.Count)
        {
            var last = count - Vector128<T>.Count;
            for (var i = 0; i < last; i += Vector128<T>.Count) Vector128.Store(Vector128.Load(from + i), to + i);
            Vector128.Store(Vector128.Load(from + last), to + last);
        }
        else
        {
            for (var i = 0; i < count; i++) to[i] = from[i];
        }
    }
}

/// <summary>Adds the columns to the image.</summary>
internal readonly unsafe struct AddToImage : IRowTransfer
{
    static bool IRowTransfer.IsToImage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRowTransfer.Inside<T>(T* image, int stride, T* column, int count)
    {
        if (stride == 1) Add(column, image, count);
        else
        {
            for (var i = 0; i < count; i++) image[i * stride] += column[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRowTransfer.Outside<T>(T* column, int count)
    {
    }

    /// <summary>The last register overlaps the one before where the run does not fill it: its
    /// sums come first and are stored last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T* from, T* to, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count >= Vector256<T>.Count)
        {
            var last = count - Vector256<T>.Count;
            var sums = Vector256.Load(from + last) + Vector256.Load(to + last);
            for (var i = 0; i < last; i += Vector256<T>.Count)
                Vector256.Store(Vector256.Load(from + i) + Vector256.Load(to + i), to + i);
            Vector256.Store(sums, to + last);
        }
        else if (count >= Vector128<T>.Count)
        {
            var last = count - Vector128<T>.Count;
            var sums = Vector128.Load(from + last) + Vector128.Load(to + last);
            for (var i = 0; i < last; i += Vector128<T>.Count)
                Vector128.Store(Vector128.Load(from + i) + Vector128.Load(to + i), to + i);
            Vector128.Store(sums, to + last);
        }
        else
        {
            for (var i = 0; i < count; i++) to[i] += from[i];
        }
    }
}
