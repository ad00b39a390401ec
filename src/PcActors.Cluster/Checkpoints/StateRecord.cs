using System.Numerics;
using PcActors.Cluster.Wire;
using PcActors.Learning.Vertices;

namespace PcActors.Cluster.Checkpoints;

/// <summary>A parameter's state as a record. The same state gives the same bytes, whoever writes it.</summary>
internal static class StateRecord
{
    /// <summary>The record of a state; its content is a copy.</summary>
    public static StoredRecord Write<T>(long step, string parameter, ParameterSnapshot<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        StoredRecord.Of(new Schema.StoredState { Step = step, Parameter = parameter, State = ReportWire<T>.Write(state) });

    /// <summary>The state in a record without a flaw.</summary>
    /// <exception cref="CheckpointException">It is another parameter's, another step's, or of another element type.</exception>
    public static ParameterSnapshot<T> Read<T>(StoredRecord record, long step, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stored = record.Read(Schema.StoredState.Parser);
        if (stored.Step != step || stored.Parameter != parameter)
        {
            throw new CheckpointException(
                $"under the name of '{parameter}' at step {step} the state of '{stored.Parameter}' at step {stored.Step} is stored");
        }
        try
        {
            return ReportWire<T>.Read(stored.State);
        }
        catch (WireException e)
        {
            throw new CheckpointException($"the state of '{parameter}' at step {step}: {e.Message}", e);
        }
    }
}
