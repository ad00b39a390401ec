using PcActors.Learning.Protocol;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Audit;

/// <summary>Vertices' levels from the times of errors alone: along Z-IL's wave an error acts at its receiver's level, and its sender
/// was at its own one timestep before. No edge and no header is read.</summary>
internal sealed class LevelsFromTimes
{
    private readonly int[] _levels;

    /// <summary>Nothing known yet.</summary>
    /// <param name="vertices">How many vertices there are.</param>
    public LevelsFromTimes(int vertices)
    {
        _levels = new int[vertices];
        Array.Fill(_levels, -1);
    }

    /// <summary>The level of a vertex that has sent or taken an error; null for any other.</summary>
    public int? this[int vertex] => _levels[vertex] < 0 ? null : _levels[vertex];

    /// <summary>Takes a record into account; those that are no errors between vertices say nothing.</summary>
    /// <returns>Whether it agrees with the records before it.</returns>
    public bool See(TraceRecord record) =>
        record.Kind != MessageKind.Error.Name || record.Time is not { } time || (Agrees(record.To, time) & Agrees(record.From, time - 1));

    private bool Agrees(int vertex, int level)
    {
        if ((uint)vertex >= (uint)_levels.Length) return true;
        if (_levels[vertex] < 0) _levels[vertex] = level;
        return _levels[vertex] == level;
    }
}
