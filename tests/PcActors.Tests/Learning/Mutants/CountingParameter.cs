using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>A parameter under plain gradient descent that counts messages rather than edges: it
/// adds a duplicate too.</summary>
internal sealed class CountingParameter<T>(IVertex<T> inner, double rate) : IVertex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _value = inner.Description.Start!.Value.Clone();
    private readonly Tensor<T> _gradient = new(inner.Description.Shape);
    private StepId _step;
    private int _arrived;
    private int _batchSize;

    public VertexDescription<T> Description => inner.Description;

    public void Receive(object message, IOutbox<T> outbox)
    {
        switch (message)
        {
            case BeginStep begin:
                _step = begin.Step;
                _arrived = 0;
                _batchSize = begin.BatchSize;
                _gradient.Writable.Clear();
                for (var i = 0; i < Description.Consumers.Count; i++)
                    outbox.SendValue(i,
                        new ValueMessage<T>(_step, ValueMessage<T>.AllMicroBatches, 0, Description.Consumers[i].Edge,
                            _value));
                break;
            case ErrorMessage<T> error when error.Step == _step:
                error.Error.AddTo(_gradient);
                if (++_arrived != Description.Consumers.Count) break;
                for (var i = 0; i < _value.Length; i++)
                    _value.Writable[i] = T.FusedMultiplyAdd(T.CreateChecked(-rate / _batchSize), _gradient.Span[i],
                        _value.Span[i]);
                outbox.Report(new UpdateReport(_step, Description.Id));
                break;
            case RequestParameter request:
                outbox.Report(new ParameterReport<T>(request.Inquiry, Description.Id, _value.Clone()));
                break;
        }
    }
}
