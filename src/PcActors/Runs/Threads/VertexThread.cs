using System.Diagnostics;
using System.Globalization;
using Akka.Dispatch;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Runs.Threads;

/// <summary>One of the threads on which a run's vertices are carried out.</summary>
/// <param name="all">All of them.</param>
/// <param name="place">Its place among them, from 0.</param>
internal sealed class VertexThread(VertexThreads all, int place)
{
    // Rounds of looking for something to do, each a fraction of a microsecond.
    private const int PausesOfRound = 6;
    private const int RoundsBetweenYields = 16;

    // A thread's turn with an actor that has one small message is over by then.
    private const int RoundsOfMessage = 6;

    // To fetch an actor's weights takes longer than this wait.
    private const int RoundsOfWeights = 50;

    // To wake a thread takes long, and the system may put it beside the one that woke it, on the same processor. So who
    // has found something lately looks on for long before it sleeps, and who has not does not burn a processor.
    private static readonly long Shortest = Stopwatch.Frequency / 20_000;
    private static readonly long Longest = Stopwatch.Frequency / 200;

    private long _patience = Shortest;
    private Sight? _seen;
    private Sight? _seenAtHome;

    /// <summary>Actors that wait for it.</summary>
    public RunQueue Queue { get; } = new();

    /// <summary>Actors that live here and wait for it: their weights are in its processor's cache.</summary>
    public RunQueue AtHome { get; } = new();

    /// <summary>How long its turns are.</summary>
    public TurnLength Turn { get; } = new(Stopwatch.Frequency);

    /// <summary>Starts it.</summary>
    /// <param name="name">Name of all of them.</param>
    public void Start(string name) => new Thread(Work)
    {
        IsBackground = true,
        Name = string.Create(CultureInfo.InvariantCulture, $"{name}-{place}"),
    }.Start();

    private void Work()
    {
        KernelThreads.Join(all.Helpers, place);
        for (var turn = 1; Next(turn) is { } run; turn++) all.CarryOut(run);
    }

    /// <summary>What is to be carried out next; null when all is over.</summary>
    private IRunnable? Next(int turn)
    {
        // Now and then what comes from outside is looked at first.
        if (turn % TurnLength.Turns == 0)
        {
            Turn.Measure(Stopwatch.GetTimestamp());
            if (all.FromOutside.Take() is { } waiting) return waiting;
        }
        return Queue.Take() ?? AtHome.Take() ?? all.FromOutside.Take() ?? Look();
    }

    private IRunnable? Look()
    {
        var start = Stopwatch.GetTimestamp();
        Turn.Pause();
        _seen ??= new Sight(all.Count, RoundsOfMessage);
        _seenAtHome ??= new Sight(all.Count, RoundsOfWeights);
        for (var round = 1; ; round++)
        {
            if (AtHome.Take() is { } own) return Found(own);
            if (all.FromOutside.Take() is { } run) return Found(run);
            if (all.TakeOver(place, _seen, _seenAtHome) is { } taken) return Found(taken);
            if (all.Helpers.Help(place))
            {
                Found(null);
                start = Stopwatch.GetTimestamp();
                continue;
            }
            Thread.SpinWait(PausesOfRound);
            if (round % RoundsBetweenYields != 0) continue;
            // What was left before the end is still carried out.
            if (all.IsOver) return all.TakeLast();
            Thread.Yield();
            if (Stopwatch.GetTimestamp() - start < _patience) continue;
            _patience = Math.Max(_patience / 2, Shortest);
            all.Helpers.Idle.Sleep(place, all.IsSomethingThere);
            start = Stopwatch.GetTimestamp();
        }
    }

    private IRunnable? Found(IRunnable? run)
    {
        _patience = Math.Min(2 * _patience, Longest);
        return run;
    }
}
