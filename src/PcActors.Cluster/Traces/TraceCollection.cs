using Akka.Actor;
using PcActors.Cluster.Wire;
using PcActors.Tracing;

namespace PcActors.Cluster.Traces;

/// <summary>Fetches what the nodes of a run have recorded, once the run has ended.</summary>
/// <param name="node">This process's node.</param>
/// <param name="run">The run.</param>
internal sealed class TraceCollection(ClusterNode node, string run)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AkkaCluster _cluster = AkkaCluster.Get(node.System);

    private TimeSpan Now => node.System.Scheduler.MonotonicClock;

    /// <summary>Fetches all parts.</summary>
    /// <param name="placings">How often the graph was placed.</param>
    /// <param name="term">The term that has begun. One that a node left before that has recorded, too, but for
    /// whoever did not come to it.</param>
    /// <returns>By place: the node's name and its part.</returns>
    /// <exception cref="TraceException">The run was placed more than once, or a part does not come.</exception>
    public async Task<IReadOnlyList<(string Node, FileStream Part)>> FetchAsync(int placings, int term)
    {
        if (placings > 1)
            throw new TraceException(run, "a node was lost, and the graph was placed again",
                "a trace holds one placing of the graph");
        var places = await FindAsync(term).ConfigureAwait(false);
        var parts = new List<(string, FileStream)>();
        try
        {
            foreach (var (shelf, entry) in places.OrderBy(p => p.Entry.Index))
            {
                parts.Add((entry.Node, TemporaryFile.Create()));
                await FetchAsync(shelf, entry, parts[^1].Item2).ConfigureAwait(false);
            }
            return parts;
        }
        catch
        {
            foreach (var (_, part) in parts) await part.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets the nodes give up what they have recorded.</summary>
    public void Forget()
    {
        foreach (var shelf in Shelves()) shelf.Tell(new ForgetTraces(run), ActorRefs.NoSender);
    }

    private IActorRef[] Shelves() =>
    [
        .. _cluster.State.Members.Select(
            m => ((ExtendedActorSystem)node.System).Provider.ResolveActorRef($"{m.Address}/user/{TraceShelf.Name}")),
    ];

    private async Task<IReadOnlyList<(IActorRef Shelf, TraceEntry Entry)>> FindAsync(int term)
    {
        for (var deadline = Now + Patience; ; await Task.Delay(50).ConfigureAwait(false))
        {
            var answers = await Task.WhenAll(Shelves().Select(AskAsync)).ConfigureAwait(false);
            var found = answers.SelectMany(a => a).Where(f => f.Entry.Term == term).ToList();
            if (found.Find(f => f.Entry.Failure is not null) is { Entry: { } failed })
                throw new TraceException(failed.Node, failed.Failure!);
            if (found.Count > 0 && found.Count == found[0].Entry.Nodes && found.TrueForAll(f => f.Entry.IsDone))
                return found;
            if (Now >= deadline)
            {
                throw new TraceException(
                    run,
                    $"{found.Count(f => f.Entry.IsDone)} of {(found.Count > 0 ? found[0].Entry.Nodes : 0)} nodes "
                    + $"have their part of the trace after {Patience.TotalSeconds:0} s");
            }
        }
    }

    private async Task<IEnumerable<(IActorRef Shelf, TraceEntry Entry)>> AskAsync(IActorRef shelf)
    {
        try
        {
            var answer = await Question.AskAsync<TraceList>(shelf, new RequestTraces(run), TimeSpan.FromSeconds(2))
                .ConfigureAwait(false);
            return answer.Parts.Select(p => (shelf, p));
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    private async Task FetchAsync(IActorRef shelf, TraceEntry entry, FileStream file)
    {
        var deadline = Now + Patience;
        while (file.Length < entry.Length)
        {
            var request = new RequestTracePart(run, entry.Term, entry.Index, file.Length);
            try
            {
                var part = await Question.AskAsync<TraceBytes>(shelf, request, TimeSpan.FromSeconds(2))
                    .ConfigureAwait(false);
                if (part.Offset != file.Length || part.Data.Length == 0)
                    throw new TraceException(entry.Node, "it has lost its part of the trace");
                file.Write(part.Data.Span);
                deadline = Now + Patience;
            }
            catch (AskTimeoutException) when (Now < deadline)
            {
                // Lost on its way: asked again.
            }
            catch (AskTimeoutException)
            {
                throw new TraceException(entry.Node,
                    $"it has not sent its part of the trace for {Patience.TotalSeconds:0} s");
            }
        }
    }
}
