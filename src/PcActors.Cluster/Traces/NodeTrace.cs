using System.Numerics;
using PcActors.Tracing;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Traces;

/// <summary>What one place of a run records, in a temporary file of its node.</summary>
/// <param name="node">The node, for records.</param>
internal sealed class NodeTrace(string node) : IDisposable
{
    private const long NanosecondsATick = 100;

    private FileStream? _file;
    private TraceRecorder? _recorder;
    private string? _failure;

    /// <summary>Records.</summary>
    public TraceRecorder Recorder => _recorder!;

    /// <summary>The node.</summary>
    public string Node => node;

    /// <summary>Why there is none; null when there is one.</summary>
    public string? Failure
    {
        get => _failure ?? _recorder?.Failure?.Message;
        set => _failure = value;
    }

    /// <summary>Whether all is written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Bytes that are written; known when all are.</summary>
    public long Length { get; private set; }

    /// <summary>Begins.</summary>
    /// <exception cref="IOException">There is no room for the file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public void Begin<T>(NodeTracing tracing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var file = _file = TemporaryFile.Create();
        var options = new TraceOptions { Output = file, Node = node };
        _recorder = new TraceRecorder(
            new TraceInspector<T>(tracing.Payloads, tracing.Norms), options,
            new TraceInspector<T>(payloads: false, norms: false));
        var startedAt = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsATick;
        _recorder.Begin(() => new TracePartSink(file, startedAt));
    }

    /// <summary>Nothing comes any more: writes what is left, or says why that cannot be.</summary>
    public async Task EndAsync()
    {
        try
        {
            await Recorder.EndAsync().ConfigureAwait(false);
            Length = _file!.Length;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _failure = e.Message;
        }
        IsDone = true;
    }

    /// <summary>Reads some of it.</summary>
    /// <param name="offset">From where.</param>
    /// <param name="buffer">Receives it.</param>
    /// <returns>How many bytes.</returns>
    public int Read(long offset, Span<byte> buffer) =>
        IsDone && offset >= 0 ? RandomAccess.Read(_file!.SafeFileHandle, buffer, offset) : 0;

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}

/// <summary>Files that have no name: nothing is left of one, however its process ends.</summary>
internal static class TemporaryFile
{
    /// <summary>Makes one.</summary>
    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"pcactors-{Guid.NewGuid():n}.trace");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 1);
        File.Delete(path);
        return file;
    }
}
