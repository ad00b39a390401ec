using System.Globalization;
using System.Numerics;
using PcActors.Graphs;
using PcActors.Runs;

namespace PcNode.Output;

/// <summary>The energies of vertices as inference goes on, written as they come: CSV (RFC
/// 4180), a row for each training step, timestep and vertex. A file that cannot be written any more
/// does not end the run.</summary>
/// <param name="path">The file.</param>
/// <param name="terminal">Told when it cannot be written.</param>
internal sealed class EnergyFile(string path, Terminal terminal) : IDisposable
{
    /// <summary>The option that names it.</summary>
    public const string Option = "--energy";

    /// <summary>What help says of it.</summary>
    public const string Description =
        "writes the energy of each latent vertex and of the root at each timestep of inference, as they come: CSV with "
        + "step, timestep, vertex, energy (mean over the batch)";

    private StreamWriter? _writer;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Whether something could not be written.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Begins the file.</summary>
    /// <exception cref="RunFailedException">It cannot be written.</exception>
    public void Begin()
    {
        try
        {
            _writer = new StreamWriter(path);
            _writer.WriteLine("step,timestep,vertex,energy");
            _writer.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"{Option}: '{path}' cannot be written: {e.Message}", cause: e);
        }
    }

    /// <summary>Adds what a step's inference came to.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="record">Its course; null where it had none.</param>
    /// <param name="graph">The graph that runs.</param>
    public void Add<T>(long step, InferenceRecord? record, Graph<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (record is null || HasFailed) return;
        try
        {
            var courses = EnergyCourse.Of(record, graph);
            for (var time = 0; time < record.FreeEnergies.Count; time++)
            {
                foreach (var (vertex, energies) in courses)
                    _writer!.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{step},{time},{Quoted(vertex)},{energies[time]:R}"));
            }
            _writer!.Flush();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException e)
        {
            if (!HasFailed) Fail(e);
        }
    }

    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Fail(IOException e)
    {
        HasFailed = true;
        terminal.Complain($"{Option}: '{path}' cannot be written on: {e.Message}");
    }
}
