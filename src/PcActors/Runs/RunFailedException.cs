using System.Globalization;
using PcActors.Learning.Protocol;

namespace PcActors.Runs;

/// <summary>A run cannot go on. The message names the vertex, where there is one, and the cause.</summary>
public class RunFailedException(string message, string? vertex = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The vertex at fault.</summary>
    public string? Vertex { get; } = vertex;

    /// <summary>A vertex threw.</summary>
    /// <param name="vertex">The vertex.</param>
    /// <param name="isBetween">Whether that was between two steps.</param>
    /// <param name="step">The step or prediction at hand, or the last one.</param>
    /// <param name="cause">What it threw.</param>
    internal static RunFailedException OfVertex(string vertex, bool isBetween, StepId step, Exception cause) =>
        new($"the vertex '{vertex}' failed {(isBetween ? "after" : "at")} {step.Name}: {cause.Message}", vertex, cause);
}

/// <summary>A network has left the numbers: its loss, or the energy of a vertex, is not finite any more.</summary>
public class DivergedException : RunFailedException
{
    /// <summary>The loss is not finite.</summary>
    /// <param name="step">The step at which that showed.</param>
    /// <param name="vertex">The first vertex, in topological order, that holds a NaN or an
    /// infinity; null when none does.</param>
    public DivergedException(long step, string? vertex)
        : this(
            string.Create(CultureInfo.InvariantCulture, $"the loss diverged at step {step}")
            + (vertex is null ? "" : $": the first vertex with a value that is not finite is '{vertex}'")
            // Before the first update no learning rate is to blame.
            + (step > 1 ? "; a smaller learning rate may help"
                : "; nothing has learnt yet, so the data or what the network begins with make it so"), step, vertex)
    {
    }

    private protected DivergedException(string message, long step, string? vertex)
        : base(message, vertex) => Step = step;

    /// <summary>The step.</summary>
    public long Step { get; }
}

/// <summary>The energy of a vertex is not finite any more while inference goes on.</summary>
public sealed class InferenceDivergedException : DivergedException
{
    /// <summary>Inference has diverged.</summary>
    /// <param name="step">The step, or of an inference by itself the one before.</param>
    /// <param name="during">What it was part of, for a person.</param>
    /// <param name="vertex">The first such vertex.</param>
    /// <param name="time">The timestep.</param>
    /// <param name="rate">A rate of inference at which it would have settled; null when that is not known.</param>
    internal InferenceDivergedException(long step, string during, string vertex, int time, double? rate)
        : base(
            string.Create(CultureInfo.InvariantCulture,
                $"inference diverged at {during}, timestep {time}: the energy of '{vertex}' is not finite; ")
            + (rate is { } settles
                ? string.Create(CultureInfo.InvariantCulture, $"an inference rate below {settles:0.###e0} would do")
                : "a smaller inference rate may help"), step, vertex) =>
        (During, Time, Rate) = (during, time, rate);

    /// <summary>The timestep.</summary>
    public int Time { get; }

    /// <summary>What it was part of, for a person.</summary>
    internal string During { get; }

    /// <summary>A rate that would do; null when none is known.</summary>
    public double? Rate { get; }
}
