using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Functions;

/// <summary>Reads blocks of the data at indices. The pull-back adds each block's error up where the block was read, in order.</summary>
public abstract class GatherFunction<T> : IndexedFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected GatherFunction(Attributes attributes)
        : base(attributes)
    {
    }

    /// <inheritdoc/>
    public sealed override int MinInputs => 2;

    /// <inheritdoc/>
    public sealed override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        if (prediction.Length == 0) return;
        var (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(places);
        var offsets = buffer.AsSpan(0, places);
        Locate(inputs[0].Shape, inputs[1], offsets);
        var x = inputs[0].Span;
        var mu = prediction.Writable;
        if (block == 1)
        {
            for (var i = 0; i < offsets.Length; i++) mu[i] = x[offsets[i]];
        }
        else
        {
            for (var i = 0; i < offsets.Length; i++) x.Slice(offsets[i], block).CopyTo(mu[(i * block)..]);
        }
        ArrayPool<int>.Shared.Return(buffer);
    }

    /// <inheritdoc/>
    public sealed override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        var pulled = result.Writable;
        pulled.Clear();
        if (input == 1 || error.Length == 0) return;
        var (block, places) = Layout(inputs[0].Shape, inputs[1].Shape);
        var buffer = ArrayPool<int>.Shared.Rent(places);
        var offsets = buffer.AsSpan(0, places);
        Locate(inputs[0].Shape, inputs[1], offsets);
        var eps = error.Span;
        if (block == 1)
        {
            for (var i = 0; i < offsets.Length; i++) pulled[offsets[i]] += eps[i];
        }
        else
        {
            for (var i = 0; i < offsets.Length; i++)
            {
                var sum = pulled.Slice(offsets[i], block);
                TensorPrimitives.Add(sum, eps.Slice(i * block, block), sum);
            }
        }
        ArrayPool<int>.Shared.Return(buffer);
    }
}
