using System.Numerics;
using System.Runtime.CompilerServices;

namespace PcActors.Tensors;

/// <summary>Memory for tensors whose life is shorter than a step: what one has done with, the next writes to.</summary>
/// <remarks>
/// <para>There is one for all vertices of a run that live in one process. It hands out memory and no information:
/// whoever rents writes every element before anybody reads one.</para>
/// <para>A rented tensor has one holder, the one that rented it. Each message that it is sent in is a further holder;
/// its receiver takes that hold over, and gives it up when it has done with the tensor. With the last hold the memory
/// goes back, and the tensor can neither be read nor released any more: both throw. What is lost on its way is left to
/// the garbage collector.</para>
/// </remarks>
/// <param name="poisons">Whether memory is filled with NaN as it comes back, so that a use after that, through a span
/// that was taken before, shows in the bits.</param>
/// <param name="leastBytes">Tensors of fewer bytes are not rented: to share them out would cost more than they
/// do.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class BufferPool<T>(bool poisons = BufferPool.Poisons, int leastBytes = BufferPool.LeastBytes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Shelf> _shelves = [];

    /// <summary>Bytes that are rented now; what was lost on its way counts among them.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>The most bytes that were rented at once.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Bytes of all memory that was ever made.</summary>
    public long MadeBytes { get; private set; }

    /// <summary>A tensor of arbitrary content, with one holder.</summary>
    /// <returns>Null for a short one: whoever wants it has one that stays.</returns>
    public Tensor<T>? Rent(Shape shape)
    {
        var bytes = (long)shape.Length * Unsafe.SizeOf<T>();
        if (bytes < leastBytes) return null;
        Shelf? shelf;
        PooledBuffer<T>? buffer;
        lock (_gate)
        {
            if (!_shelves.TryGetValue(shape.Length, out shelf)) _shelves.Add(shape.Length, shelf = new Shelf());
            buffer = shelf.First;
            if (buffer is null) MadeBytes += bytes;
            else (shelf.First, buffer.Next) = (buffer.Next, null);
            RentedBytes += bytes;
            PeakBytes = Math.Max(PeakBytes, RentedBytes);
        }
        buffer ??= new PooledBuffer<T>(this, shelf, new Tensor<T>(shape));
        return buffer.Begin(shape);
    }

    /// <summary>Takes memory back that nobody holds any more.</summary>
    internal void TakeBack(PooledBuffer<T> buffer)
    {
        if (poisons) buffer.Memory.Writable.Fill(T.NaN);
        lock (_gate)
        {
            (buffer.Next, buffer.Shelf.First) = (buffer.Shelf.First, buffer);
            RentedBytes -= buffer.Memory.Bytes;
        }
    }

    /// <summary>What is free of one length: the last that came back is the first to go.</summary>
    internal sealed class Shelf
    {
        public PooledBuffer<T>? First { get; set; }
    }
}

/// <summary>What pools do unless they are told otherwise. In the builds that tests run, all is rented and what comes
/// back is poisoned.</summary>
internal static class BufferPool
{
#if DEBUG
    public const bool Poisons = true;
    public const int LeastBytes = 1;
#else
    public const bool Poisons = false;
    public const int LeastBytes = 1024;
#endif
}

/// <summary>A pool's memory for one tensor at a time, and how many hold that tensor.</summary>
internal sealed class PooledBuffer<T>(BufferPool<T> pool, BufferPool<T>.Shelf shelf, Tensor<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The number of the tensor that it is let to, in the upper half, and that one's holders in the lower: they change
    // together, so whoever comes with an earlier number is found out.
    private long _state;

    /// <summary>The memory.</summary>
    public Tensor<T> Memory { get; } = memory;

    /// <summary>Where it lies when it is free.</summary>
    public BufferPool<T>.Shelf Shelf { get; } = shelf;

    /// <summary>The next one on that.</summary>
    public PooledBuffer<T>? Next { get; set; }

    /// <summary>A tensor over the memory, with one holder.</summary>
    public Tensor<T> Begin(Shape shape)
    {
        var number = (uint)(Volatile.Read(ref _state) >>> 32);
        Volatile.Write(ref _state, StateOf(number, 1));
        return Memory.Let(shape, this, number);
    }

    /// <summary>Whether the tensor of a number is held.</summary>
    public bool IsHeld(uint number) => (uint)(Volatile.Read(ref _state) >>> 32) == number;

    /// <summary>Whether the tensor of a number has one holder, no more.</summary>
    public bool IsHeldAlone(uint number) => Volatile.Read(ref _state) == StateOf(number, 1);

    /// <summary>One more holder.</summary>
    public void Hold(uint number) => Change(number, 1);

    /// <summary>One holder less; after the last one the memory goes back.</summary>
    public void Release(uint number)
    {
        if (Change(number, -1) == 0) pool.TakeBack(this);
    }

    private int Change(uint number, int change)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var holders = (int)(uint)state;
            if ((uint)(state >>> 32) != number || holders == 0)
                throw new InvalidOperationException("a tensor is held, or released, that was given back before");
            holders += change;
            // With the last holder its number is over.
            var next = holders == 0 ? StateOf(number + 1, 0) : StateOf(number, holders);
            if (Interlocked.CompareExchange(ref _state, next, state) == state) return holders;
        }
    }

    private static long StateOf(uint number, int holders) => (long)(((ulong)number << 32) | (uint)holders);
}
