namespace PcActors.Cluster.Wire;

/// <summary>To a worker: take part in a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Term">Its term.</param>
/// <param name="Index">The worker's place in it.</param>
/// <param name="ElementBytes">Of an element of a tensor.</param>
/// <param name="Paths">Actor paths of all nodes' parts of the run, by index; the coordinator's is 0.</param>
/// <param name="Client">Address of the client's node.</param>
internal sealed record OpenPart(string Run, int Term, int Index, int ElementBytes, IReadOnlyList<string> Paths,
    string Client);

/// <summary>From a worker: its part of the run is there.</summary>
internal sealed record PartOpened(string Run, int Term, int Index);

/// <summary>From a worker: its part of the run has thrown, and is stopped.</summary>
internal sealed record PartFailed(string Run, int Term, int Index, string Cause);

/// <summary>From a client, to the coordinator: take care of its run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Incarnation">Counts the coordinators that the client has asked.</param>
/// <param name="ElementBytes">Of an element of a tensor.</param>
internal sealed record OpenRun(string Run, int Incarnation, int ElementBytes);

/// <summary>From the coordinator's part of the run: it is there.</summary>
internal sealed record RunOpened(string Run, int Incarnation);

/// <summary>From the coordinator: its part of the run has failed.</summary>
internal sealed record RunFailed(string Run, int Incarnation, string Cause);

/// <summary>From a client, to the coordinator's part of its run: the run has ended.</summary>
internal sealed record CloseRun;

/// <summary>From anybody, to a node: how are it and its cluster?</summary>
internal sealed record AskStatus;

/// <summary>A node's answer: its cluster's members, the oldest first, without their parts; its own parts of
/// runs, and the runs of which the coordinator is here.</summary>
internal sealed record StatusAnswer(IReadOnlyList<NodeStatus> Members, IReadOnlyList<PartStatus> Parts,
    IReadOnlyList<RunStatus> Runs);

/// <summary>To a node: what has it recorded of a run?</summary>
internal sealed record RequestTraces(string Run);

/// <summary>What a node has recorded of a run.</summary>
internal sealed record TraceList(IReadOnlyList<TraceEntry> Parts);

/// <summary>What one place of a run has recorded in a term.</summary>
/// <param name="Term">The term.</param>
/// <param name="Index">The place.</param>
/// <param name="Nodes">How many there are.</param>
/// <param name="IsDone">Whether it is complete.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Node">Its node.</param>
internal sealed record TraceEntry(int Term, int Index, int Nodes, bool IsDone, long Length, string? Failure,
    string Node);

/// <summary>To a node: a part of what a place has recorded, from an offset on.</summary>
internal sealed record RequestTracePart(string Run, int Term, int Index, long Offset);

/// <summary>Those bytes.</summary>
internal sealed record TraceBytes(long Offset, ReadOnlyMemory<byte> Data);

/// <summary>To a node: give up what is recorded of a run.</summary>
internal sealed record ForgetTraces(string Run);
