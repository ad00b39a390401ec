using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>What a command line asks for with <c>--energy</c>.</summary>
internal static class EnergyRequest
{
    /// <summary>The file, not begun yet; null where none is asked for.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="terminal">Told when it cannot be written.</param>
    /// <param name="others">Other files that the command writes.</param>
    /// <exception cref="UsageException">It cannot be written, or the rule has no energies.</exception>
    public static EnergyFile? Of(string? path, Experiment experiment, Terminal terminal, params string?[] others)
    {
        if (path is null) return null;
        experiment.RequireInference(EnergyFile.Option);
        experiment.RequireWritable(path, EnergyFile.Option);
        foreach (var other in others.OfType<string>()) AtomicFile.RequireOther(path, EnergyFile.Option, other);
        return new EnergyFile(path, terminal);
    }
}
