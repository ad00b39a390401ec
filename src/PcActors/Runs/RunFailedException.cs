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

/// <summary>The loss is not finite any more.</summary>
/// <param name="step">The step at which that showed.</param>
/// <param name="vertex">The first vertex, in topological order, that holds a NaN or an
/// infinity; null when none does.</param>
public sealed class DivergedException(long step, string? vertex) : RunFailedException(
    string.Create(CultureInfo.InvariantCulture, $"the loss diverged at step {step}") +
    (vertex is null ? "" : $": the first vertex with a value that is not finite is '{vertex}'") +
    "; a smaller learning rate may help", vertex)
{
    /// <summary>The step.</summary>
    public long Step { get; } = step;
}
