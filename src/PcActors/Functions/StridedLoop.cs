using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>Walks a row-major index space in order, in runs along its last axis, for operands that lie
/// in it with strides.</summary>
/// <remarks>
/// <para>Axes are appended outermost first; neighbours that every operand walks with one
/// stride become one axis, so the runs are as long as they can be. A stride is 0 along an axis over which the operand
/// is broadcast, or summed. Use: <c>do { run at Position and Offset(i) } while (loop.Next());</c> after a check that
/// the space is not empty.</para>
/// <para>Whether an axis counts as broadcast depends on the operand's extent against the
/// space's, so an axis of extent 1 in both is kept apart where its neighbour is broadcast: the order of a sum then does
/// not change when a layer is split down to one unit.</para>
/// </remarks>
internal ref struct StridedLoop
{
    private readonly int _operands;
    private readonly int _capacity;

    // Extents, counters and, operand by operand, strides, all of _capacity; then one offset an operand.
    private readonly Span<int> _scratch;

    /// <summary>A loop without axes over <paramref name="operands"/> strided operands.</summary>
    /// <param name="operands">How many operands.</param>
    /// <param name="scratch">Of <see cref="Scratch"/> elements, in use as long as the loop.</param>
    public StridedLoop(int operands, Span<int> scratch)
    {
        _operands = operands;
        _capacity = (scratch.Length - operands) / (2 + operands);
        _scratch = scratch;
        _scratch.Clear();
    }

    /// <summary>How many integers a loop over that many axes and operands needs.</summary>
    public static int Scratch(int rank, int operands) => (Math.Max(rank, 1) * (2 + operands)) + operands;

    /// <summary>A loop over a broadcast's result, with its operands.</summary>
    /// <param name="space">The shape that is walked.</param>
    /// <param name="scratch">Of <see cref="Scratch"/> elements.</param>
    /// <param name="operands">Shapes that broadcast to <paramref name="space"/>, none of them empty.</param>
    public static StridedLoop Broadcast(Shape space, Span<int> scratch, params ReadOnlySpan<Shape> operands)
    {
        var loop = new StridedLoop(operands.Length, scratch);
        Span<int> rest = stackalloc int[operands.Length];
        Span<int> strides = stackalloc int[operands.Length];
        for (var i = 0; i < operands.Length; i++) rest[i] = operands[i].Length;
        for (var axis = 0; axis < space.Rank; axis++)
        {
            for (var i = 0; i < operands.Length; i++)
            {
                var own = axis - space.Rank + operands[i].Rank;
                var extent = own < 0 ? 1 : operands[i].Dimensions[own];
                rest[i] /= extent;
                strides[i] = extent == space.Dimensions[axis] ? rest[i] : 0;
            }
            loop.Append(space.Dimensions[axis], strides);
        }
        return loop;
    }

    /// <summary>Number of axes after merging.</summary>
    public int Rank { get; private set; }

    /// <summary>Elements in a run.</summary>
    public readonly int Run => Rank == 0 ? 1 : _scratch[Rank - 1];

    /// <summary>The run's first element, counted in row-major order over the whole space.</summary>
    public int Position { get; private set; }

    /// <summary>The run's first element in an operand.</summary>
    public readonly int Offset(int operand) => _scratch[(_capacity * (2 + _operands)) + operand];

    /// <summary>An operand's stride within a run.</summary>
    public readonly int Stride(int operand) => Rank == 0 ? 1 : Strides(operand)[Rank - 1];

    /// <summary>An operand's part in the run: as many elements, or one for all.</summary>
    public readonly ReadOnlySpan<T> Operand<T>(int operand, ReadOnlySpan<T> elements) =>
        elements.Slice(Offset(operand), Stride(operand) == 0 ? 1 : Run);

    /// <summary>An operand's stride along an axis that is left after merging.</summary>
    public readonly int Stride(int operand, int axis) => Strides(operand)[axis];

    /// <summary>Appends an axis inside those that are there.</summary>
    /// <param name="extent">Its extent, 1 or more.</param>
    /// <param name="strides">Each operand's stride along it.</param>
    public void Append(int extent, params ReadOnlySpan<int> strides)
    {
        if (!MergesInto(Rank - 1, extent, strides)) Rank++;
        else extent *= _scratch[Rank - 1];
        _scratch[Rank - 1] = extent;
        for (var i = 0; i < strides.Length; i++) Strides(i)[Rank - 1] = strides[i];
    }

    /// <summary>Takes the last axis away: runs and positions then count elements of the space without it.</summary>
    /// <returns>Its extent and the first operand's stride along it.</returns>
    public (int Extent, int Stride) TakeLast()
    {
        var taken = (Run, Stride(0));
        Rank--;
        return taken;
    }

    /// <summary>How many runs there are.</summary>
    public readonly int Runs
    {
        get
        {
            var runs = 1;
            for (var axis = 0; axis < Rank - 1; axis++) runs *= _scratch[axis];
            return runs;
        }
    }

    /// <summary>Goes to a run.</summary>
    /// <param name="run">Which one, in order; the loop is at the first one.</param>
    public void GoTo(int run)
    {
        Position = run * Run;
        var counters = _scratch.Slice(_capacity, _capacity);
        for (var axis = Rank - 2; axis >= 0; axis--)
        {
            (run, counters[axis]) = int.DivRem(run, _scratch[axis]);
            Move(axis, counters[axis]);
        }
    }

    /// <summary>Goes on to the next run.</summary>
    /// <returns>False after the last one.</returns>
    public bool Next()
    {
        if (Rank < 2) return false;
        // Extents, counters, strides and offsets lie in the scratch, which the constructor and Append have measured.
        ref var extents = ref MemoryMarshal.GetReference(_scratch);
        ref var offsets = ref Unsafe.Add(ref extents, _capacity * (2 + _operands));
        Position += Unsafe.Add(ref extents, Rank - 1);
        for (var axis = Rank - 2; axis >= 0; axis--)
        {
            ref var counter = ref Unsafe.Add(ref extents, _capacity + axis);
            var extent = Unsafe.Add(ref extents, axis);
            var wraps = ++counter == extent;
            var steps = wraps ? 1 - extent : 1;
            for (var i = 0; i < _operands; i++)
                Unsafe.Add(ref offsets, i) += steps * Unsafe.Add(ref extents, (_capacity * (2 + i)) + axis);
            if (!wraps) return true;
            counter = 0;
        }
        return false;
    }

    private readonly Span<int> Strides(int operand) => _scratch.Slice(_capacity * (2 + operand), _capacity);

    private readonly void Move(int axis, int steps)
    {
        var offsets = _scratch[(_capacity * (2 + _operands))..];
        for (var i = 0; i < _operands; i++) offsets[i] += steps * Strides(i)[axis];
    }

    private readonly bool MergesInto(int outer, int extent, ReadOnlySpan<int> strides)
    {
        if (outer < 0) return false;
        if (_scratch[outer] == 1) return true;
        for (var i = 0; i < strides.Length; i++)
        {
            if (Strides(i)[outer] != strides[i] * extent) return false;
        }
        return true;
    }
}
