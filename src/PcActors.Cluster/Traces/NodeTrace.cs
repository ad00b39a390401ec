using System.Numerics;
using PcActors.Tracing;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Traces;

/// <summary>What one place of a run records, in a temporary file of its node.</summary>
/// <param name="node">The node, for records.</param>
internal sealed class NodeTrace(string node) : IDisposable
{
    private const long NanosecondsATick = 100;

    // It has no name any more: nothing is left of it, however this process ends.
    private readonly FileStream _file = CreateFile();
    private TraceRecorder? _recorder;

    /// <summary>Records.</summary>
    public TraceRecorder Recorder => _recorder!;

    /// <summary>The node.</summary>
    public string Node => node;

    /// <summary>Whether all is written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Bytes that are written; known when all are.</summary>
    public long Length => IsDone ? _file.Length : 0;

    /// <summary>Begins.</summary>
    public void Begin<T>(NodeTracing tracing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new TraceOptions { Output = _file, Node = node };
        _recorder = new TraceRecorder(
            new TraceInspector<T>(tracing.Payloads, tracing.Norms), options, new TraceInspector<T>(payloads: false, norms: false));
        var startedAt = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsATick;
        _recorder.Begin(() => new TracePartSink(_file, startedAt));
    }

    /// <summary>Nothing comes any more: writes what is left.</summary>
    public async Task EndAsync()
    {
        await Recorder.EndAsync().ConfigureAwait(false);
        IsDone = true;
    }

    /// <summary>Reads some of it.</summary>
    /// <param name="offset">From where.</param>
    /// <param name="buffer">Receives it.</param>
    /// <returns>How many bytes.</returns>
    public int Read(long offset, Span<byte> buffer) => IsDone && offset >= 0 ? RandomAccess.Read(_file.SafeFileHandle, buffer, offset) : 0;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream CreateFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"pcactors-{Guid.NewGuid():n}.trace");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1);
        File.Delete(path);
        return file;
    }
}
