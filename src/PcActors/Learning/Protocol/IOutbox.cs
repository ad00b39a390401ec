using System.Numerics;

namespace PcActors.Learning.Protocol;

/// <summary>Where a vertex's messages go. It offers the vertex's own edges and a line to whoever begins its
/// steps, nothing else.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IOutbox<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sends a value to a consumer, by its place among the vertex's consumers.</summary>
    void SendValue(int consumer, ValueMessage<T> message);

    /// <summary>Sends an error to an input, by its slot.</summary>
    void SendError(int slot, ErrorMessage<T> message);

    /// <summary>Reports to whoever begins the vertex's steps: one of the records named ...Report.</summary>
    void Report(object report);
}
