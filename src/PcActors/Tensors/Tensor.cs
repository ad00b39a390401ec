using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Tensors.Kernels;

namespace PcActors.Tensors;

/// <summary>A dense, row-major array of floating-point numbers, or a view of a contiguous part of one.</summary>
/// <remarks>Whoever creates a tensor owns it and alone writes to it; whoever is sent one only reads it. One that is
/// rented from a <see cref="BufferPool{T}"/> can be read until its last holder has released it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // From this size on, storage is pinned and starts on a 64-byte boundary, the width of a
    // vector register and a cache line.
    private const int AlignedBytes = 1024;
    private const int Alignment = 64;

    private readonly T[] _storage;
    private readonly int _offset;
    private readonly uint _number;
    private readonly PooledBuffer<T>? _buffer;

    /// <summary>A tensor of zeros.</summary>
    public Tensor(Shape shape)
    {
        Shape = shape;
        var bytes = (long)shape.Length * Unsafe.SizeOf<T>();
        if (bytes < AlignedBytes)
        {
            _storage = new T[shape.Length];
            return;
        }
        _storage = GC.AllocateArray<T>(checked(shape.Length + (Alignment / Unsafe.SizeOf<T>())), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);
        _offset = (int)(((Alignment - (address & (Alignment - 1))) & (Alignment - 1)) / Unsafe.SizeOf<T>());
    }

    private Tensor(Shape shape, T[] storage, int offset, PooledBuffer<T>? buffer, uint number)
    {
        Shape = shape;
        _storage = storage;
        _offset = offset;
        (_buffer, _number) = (buffer, number);
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>Bytes of the elements.</summary>
    public long Bytes => (long)Shape.Length * Unsafe.SizeOf<T>();

    /// <summary>The elements, row-major.</summary>
    public ReadOnlySpan<T> Span => Writable;

    /// <summary>The elements for writing: only the tensor's owner may.</summary>
    public Span<T> Writable
    {
        get
        {
            if (_buffer is { } buffer && !buffer.IsHeld(_number)) RefuseUse();
            return _storage.AsSpan(_offset, Shape.Length);
        }
    }

    /// <summary>A tensor that holds a copy of the elements given.</summary>
    /// <exception cref="ShapeException">Their number is not the shape's.</exception>
    public static Tensor<T> From(Shape shape, ReadOnlySpan<T> elements)
    {
        if (elements.Length != shape.Length)
            throw new ShapeException(
                $"{elements.Length} elements do not fill the shape {shape}, which takes {shape.Length}");
        var tensor = new Tensor<T>(shape);
        elements.CopyTo(tensor.Writable);
        return tensor;
    }

    /// <summary>A scalar.</summary>
    public static Tensor<T> Scalar(T value) => From(Shape.Scalar, [value]);

    /// <summary>The same elements under another shape: a view, nothing is copied.</summary>
    /// <exception cref="ShapeException">The number of elements would change.</exception>
    public Tensor<T> Reshape(Shape shape)
    {
        if (shape.Length != Shape.Length)
            throw new ShapeException(
                $"a tensor of shape {Shape} cannot be viewed as {shape}: {Shape.Length} elements against "
                + $"{shape.Length}");
        return new Tensor<T>(shape, _storage, _offset, _buffer, _number);
    }

    /// <summary>A range of the outermost axis: a view, nothing is copied.</summary>
    /// <exception cref="ShapeException">The range leaves the axis, or the tensor is a scalar.</exception>
    public Tensor<T> Rows(int start, int count)
    {
        if (Shape.Rank == 0 || start < 0 || count < 0 || start > Shape[0] - count)
            throw new ShapeException($"rows {start} to {start + count} are outside a tensor of shape {Shape}");
        var row = Shape.LengthOf(1, Shape.Rank);
        return new Tensor<T>(Shape.With(0, count), _storage, _offset + (start * row), _buffer, _number);
    }

    /// <summary>Whether no element is a NaN or an infinity.</summary>
    public bool IsFinite
    {
        get
        {
            foreach (var element in Span)
            {
                if (!T.IsFinite(element)) return false;
            }
            return true;
        }
    }

    /// <summary>A copy with storage of its own.</summary>
    public Tensor<T> Clone() => From(Shape, Span);

    /// <summary>A copy of several tensors of one shape, one after the other along the outermost axis; of one
    /// alone, of that. Scalars become a vector.</summary>
    internal static Tensor<T> Stack(IReadOnlyList<Tensor<T>> parts)
    {
        if (parts.Count == 1) return parts[0].Clone();
        var part = parts[0].Shape;
        var whole = new Tensor<T>(
            part.Rank == 0 ? new Shape(parts.Count) : part.With(0, part[0] * parts.Count));
        for (var m = 0; m < parts.Count; m++) parts[m].Span.CopyTo(whole.Writable[(m * parts[m].Length)..]);
        return whole;
    }

    /// <summary>Whether both tensors view the very same elements.</summary>
    internal bool SharesStorageWith(Tensor<T> other) =>
        ReferenceEquals(_storage, other._storage) && _offset == other._offset;

    /// <summary>The same elements as another tensor: a view, by which whoever has written to them anew shows that
    /// they are no longer those that were sent before.</summary>
    internal Tensor<T> Anew() => Reshape(Shape);

    /// <summary>Whether the elements are, to the bit, those that a tensor had that came before: it is the very same
    /// tensor, or one of the same bits elsewhere.</summary>
    internal bool IsAsBefore(Tensor<T>? before) => ReferenceEquals(this, before)
        || (before is not null && !SharesStorageWith(before) && !IsRented && !before.IsRented
            && SameBits.In(Span, before.Span));

    /// <summary>Whether it is rented from a <see cref="BufferPool{T}"/>.</summary>
    internal bool IsRented => _buffer is not null;

    /// <summary>Whether it is rented, and has no holder but the one that asks: that one may write to it.</summary>
    internal bool IsHeldAlone => _buffer?.IsHeldAlone(_number) == true;

    /// <summary>One more holder, if it is rented. Views of a tensor have its holders.</summary>
    internal void Hold() => _buffer?.Hold(_number);

    /// <summary>One holder less, if it is rented.</summary>
    internal void Release() => _buffer?.Release(_number);

    /// <summary>The same memory, let to a tensor of its own.</summary>
    internal Tensor<T> Let(Shape shape, PooledBuffer<T> buffer, uint number) =>
        new(shape, _storage, _offset, buffer, number);

    private static void RefuseUse() =>
        throw new InvalidOperationException("a tensor is used whose memory was given back before");

    /// <summary>For example <c>Tensor&lt;Single&gt;[64, 784]</c>.</summary>
    public override string ToString() => $"Tensor<{typeof(T).Name}>{Shape}";
}
