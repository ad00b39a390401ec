using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A data leaf: it sends on what it is clamped to.</summary>
internal sealed class DataState<T>(VertexDescription<T> description, VertexOptions options)
    : VertexState<T>(description, options.MicroBatches)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>?[] _values = new Tensor<T>?[options.MicroBatches];

    private protected override bool Handle(object message, IOutbox<T> outbox)
    {
        if (message is not ClampData<T> clamp) return false;
        if (!BelongsToStep(clamp.Step)) return true;
        CheckMicroBatch(clamp.MicroBatch);
        if (!clamp.Value.Shape.Equals(Description.Shape))
            throw Violation($"was clamped to data of shape {clamp.Value.Shape}; {Description.Shape} is wanted");
        if (_values[clamp.MicroBatch] is not null) return true;
        _values[clamp.MicroBatch] = clamp.Value;
        SendValue(clamp.Value, clamp.MicroBatch, 0, outbox);
        return true;
    }

    private protected override void OnNewStep() => _values.AsSpan().Clear();

    private protected override IEnumerable<Tensor<T>> HeldValues() => _values.OfType<Tensor<T>>();
}
