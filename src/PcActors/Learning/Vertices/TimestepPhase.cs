namespace PcActors.Learning.Vertices;

/// <summary>How far a vertex is with its part of a timestep, on one micro-batch.</summary>
internal enum TimestepPhase
{
    /// <summary>It waits for errors, to move by them.</summary>
    Move,

    /// <summary>It waits for its inputs' values, to predict.</summary>
    Predict,

    /// <summary>It waits for errors of this timestep, to pass them on.</summary>
    PullBack,

    /// <summary>It waits for what it will use in the next timestep.</summary>
    Delay,

    /// <summary>It has done its part.</summary>
    Done,
}
