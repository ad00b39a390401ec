using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace PcNode.Output;

/// <summary>How the process ends when Ctrl-C or SIGTERM asks it to. The first signal asks the
/// command; what it has not finished in time is cut off, wherever it is. The second signal ends
/// the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    // With what a process needs to be gone it stays below a second.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan ForOrderlyExit = TimeSpan.FromSeconds(0.1);

    private static long _deadline = long.MaxValue;
    private static string? _work;
    private static string? _loss;
    private static bool _isNoFailure;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _exitCode = PcNode.ExitCode.Interrupted;
    private volatile bool _hasEnded;

    /// <summary>Listens for signals until it is disposed of.</summary>
    /// <param name="isWorker">Whether this is a worker of a run: Ctrl-C reaches it, too, but it
    /// ends when the run does.</param>
    public Interruption(bool isWorker) => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, PcNode.ExitCode.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            if (isWorker) context.Cancel = true;
            else Handle(context, PcNode.ExitCode.Interrupted);
        }),
    ];

    /// <summary>Asks the command to end.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>What the process ends with if a signal ended it.</summary>
    public int ExitCode => Volatile.Read(ref _isNoFailure) ? PcNode.ExitCode.Done : Volatile.Read(ref _exitCode);

    /// <summary>Says that the command goes on until it is asked to end, so that ending it is no failure.</summary>
    public static void IsNoFailure() => Volatile.Write(ref _isNoFailure, true);

    /// <summary>Puts the moment at which an interrupted process is cut off.</summary>
    /// <param name="time">Time from now; null for as long as it takes.</param>
    /// <param name="work">What the time is for, as a gerund: whoever waits for longer than usual is told.</param>
    /// <param name="loss">What it means if that is not done in time; null for nothing.</param>
    public static void Allow(TimeSpan? time, string? work = null, string? loss = null)
    {
        Volatile.Write(ref _loss, loss);
        Volatile.Write(ref _work, work);
        Volatile.Write(ref _deadline,
            time is { } allowed
                ? Stopwatch.GetTimestamp() + (long)(allowed.TotalSeconds * Stopwatch.Frequency)
                : long.MaxValue);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hasEnded = true;
        foreach (var signal in _signals) signal.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        context.Cancel = true;
        if (_cancellation.IsCancellationRequested) EndAtOnce();
        Volatile.Write(ref _exitCode, exitCode);
        Allow(Usual);
        // To collect all of a large heap takes a second, in which no thread gets on: not now.
        if (!GCSettings.IsServerGC) GCSettings.LatencyMode = GCLatencyMode.LowLatency;
        // A thread of its own: those of the pool may all be at work.
        new Thread(EndAtDeadline) { IsBackground = true, Priority = ThreadPriority.Highest }.Start();
        _cancellation.Cancel();
    }

    private void EndAtDeadline()
    {
        var (start, told) = (Stopwatch.GetTimestamp(), (string?)null);
        while (Volatile.Read(ref _deadline) > Stopwatch.GetTimestamp())
        {
            Thread.Sleep(10);
            if (Volatile.Read(ref _work) is not { } work || work == told || Stopwatch.GetElapsedTime(start) < Usual)
                continue;
            Console.Error.WriteLine($"pcnode: interrupted, and {told = work}; another signal ends it at once");
        }
        // A command that has ended has said so itself.
        if (!_hasEnded)
            Console.Error.WriteLine(
                Volatile.Read(ref _work) is not { } undone ? "pcnode: interrupted"
                : Volatile.Read(ref _loss) is { } loss ? $"pcnode: cut off while {undone}: {loss}"
                : $"pcnode: cut off while {undone}");
        EndAtOnce();
    }

    private void EndAtOnce()
    {
        TemporaryFiles.DeleteAll();
        // A progress bar hides it.
        if (!Console.IsErrorRedirected) Console.Error.Write("\u001b[?25h");
        new Thread(() => Environment.Exit(ExitCode)) { IsBackground = true }.Start();
        Thread.Sleep(ForOrderlyExit);
        if (!OperatingSystem.IsWindows()) ExitWithoutAsking(ExitCode);
    }

    // The runtime's exit waits for others, who may be waiting, too.
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitWithoutAsking(int exitCode);
}
