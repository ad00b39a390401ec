using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Tensors;
using PcActors.Testing;

namespace PcActors.Tests.Learning.Mutants;

/// <summary>Holds its value x in place of its displacement, and takes its error as mu - x.</summary>
/// <remarks>The error that it pulls back is mu - (mu - eps) rather than eps: where eps is
/// much smaller than mu, its last bits are gone.</remarks>
internal sealed class StoredValue<T>(IVertex<T> inner) : Interceptor<T>(inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _edges = [.. inner.Description.Consumers.Where(c => c.CarriesError).Select(c => c.Edge)];
    private PullBack<T>?[] _errors = [];
    private Tensor<T>? _mu;

    public override void SendValue(int consumer, ValueMessage<T> message)
    {
        _mu = message.Value;
        _errors = new PullBack<T>?[_edges.Length];
        base.SendValue(consumer, message);
    }

    protected override void OnReceive(object message)
    {
        if (message is not ErrorMessage<T> error)
        {
            base.OnReceive(message);
            return;
        }
        _errors[Array.IndexOf(_edges, error.Edge)] = error.Error;
        if (_errors.Contains(null)) return;
        var eps = new Tensor<T>(Description.Shape);
        ErrorSum.Write<T>(_errors, eps);
        for (var i = 0; i < eps.Length; i++)
        {
            var mu = _mu!.Span[i];
            var x = mu - eps.Span[i];
            eps.Writable[i] = mu - x;
        }
        // The whole error along the first edge, nothing along the others.
        for (var place = 0; place < _edges.Length; place++)
            Forward(
                error with
                {
                    Edge = _edges[place],
                    Error = new PullBack<T>(place == 0 ? eps : new Tensor<T>(eps.Shape), null)
                });
    }
}
