using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Wire;

/// <summary>The name of an attempt at a step.</summary>
internal static class StepWire
{
    public static Schema.StepId Write(StepId step) => new() { Run = step.Run, Step = step.Step, Prediction = step.Prediction };

    /// <exception cref="WireException">It is missing.</exception>
    public static StepId Read(Schema.StepId? step) =>
        step is null ? throw new WireException("a step is missing") : new StepId(step.Run, step.Step, step.Prediction);
}
