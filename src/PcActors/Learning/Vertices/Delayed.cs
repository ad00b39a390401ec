using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What comes along an edge that closes a cycle, under a rule that sweeps: it is used one timestep later, as
/// a copy, because a sweep goes once through the vertices and its sender writes over it meanwhile.</summary>
internal sealed class Delayed<T>(Shape shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Tensor<T> _next = new(shape);
    private bool _isTurned = true;

    /// <summary>What is used in the timestep at hand; zeros at first.</summary>
    public Tensor<T> Now { get; private set; } = new(shape);

    /// <summary>The time of what has come last; -1 before anything has.</summary>
    public int Time { get; private set; } = -1;

    /// <summary>What has come last.</summary>
    public Tensor<T> Last => _isTurned ? Now : _next;

    public void Reset()
    {
        Now.Writable.Clear();
        (Time, _isTurned) = (-1, true);
    }

    /// <summary>Takes what has come; a second time it changes nothing.</summary>
    public void Take(PullBack<T> message, int time)
    {
        if (time <= Time) return;
        // What came before is of a timestep that has ended: nobody reads what is before that any more.
        Turn();
        message.WriteTo(_next);
        (Time, _isTurned) = (time, false);
    }

    /// <summary>Goes on to what came in the timestep before.</summary>
    /// <param name="time">The time of that.</param>
    /// <returns>Whether it has come.</returns>
    public bool TurnTo(int time)
    {
        if (Time == time) Turn();
        return Time >= time;
    }

    private void Turn()
    {
        if (_isTurned) return;
        (Now, _next) = (_next, Now);
        _isTurned = true;
    }
}
