using System.Security.Cryptography;
using System.Text;

namespace PcActors.Cluster.Checkpoints;

/// <summary>A manifest, and the database that has it.</summary>
internal sealed record PlacedManifest(CheckpointManifest Manifest, int Index);

/// <summary>What records of a run there are: finds, checks and forgets them.</summary>
/// <param name="place">The databases.</param>
/// <param name="run">The run's name.</param>
internal sealed class CheckpointCatalogue(ICheckpointPlace place, string run)
{
    private const int LongestName = 150;

    // One less than the largest number, so that distances do not overflow.
    private const long Latest = long.MaxValue - 1;

    /// <summary>The name of manifests' records.</summary>
    public string ManifestName { get; } = $"{run}:manifest";

    /// <summary>The name of a parameter's records. A long one is shortened: databases have a limit.</summary>
    public string NameOf(string parameter) => parameter.Length <= LongestName
        ? $"{run}:state:{parameter}"
        : $"{run}:digest:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parameter)))}";

    /// <summary>The latest readable manifest up to a step; null when there is none.</summary>
    public async Task<PlacedManifest?> LatestAsync(long upTo, CancellationToken cancellation)
    {
        PlacedManifest? latest = null;
        for (var index = 0; index < place.Count; index++)
        {
            if (await place.OpenToReadAsync(index, cancellation).ConfigureAwait(false) is not { } slot) continue;
            await foreach (var (manifest, _) in ManifestsAsync(slot, upTo, cancellation).ConfigureAwait(false))
            {
                if (manifest is null) continue;
                if (manifest.Step > (latest?.Manifest.Step ?? -1)) latest = new PlacedManifest(manifest, index);
                break;
            }
        }
        return latest;
    }

    /// <summary>All checkpoints, every state of them checked.</summary>
    public async Task<CheckpointList> ListAsync(CancellationToken cancellation)
    {
        var sound = new List<CheckpointManifest>();
        var refused = new List<(long Step, string Why)>();
        for (var index = 0; index < place.Count; index++)
        {
            var slot = await place.OpenToReadAsync(index, cancellation).ConfigureAwait(false);
            if (place.FlawOf(index) is { } damage) refused.Add((long.MaxValue, damage));
            if (slot is null) continue;
            await foreach (var (manifest, flaw) in ManifestsAsync(slot, Latest, cancellation).ConfigureAwait(false))
            {
                var why = flaw?.Why ?? await FlawOfStatesAsync(manifest!, cancellation).ConfigureAwait(false);
                if (why is null) sound.Add(manifest!);
                else refused.Add((flaw?.Step ?? manifest!.Step, $"the checkpoint of step {flaw?.Step ?? manifest!.Step} in {place.Name} cannot be used: {why}"));
            }
        }
        return new CheckpointList(
            [.. sound.OrderByDescending(m => m.Step)], [.. refused.OrderByDescending(r => r.Step).Select(r => r.Why)]);
    }

    /// <summary>The record of a state; without one, what is wrong.</summary>
    public async Task<(StoredRecord? Record, string? Flaw)> FindAsync(
        long step, string parameter, string digest, CancellationToken cancellation)
    {
        string? flaw = null;
        for (var index = 0; index < place.Count; index++)
        {
            if (await place.OpenToReadAsync(index, cancellation).ConfigureAwait(false) is not { } slot) continue;
            try
            {
                if (await slot.LoadAsync(NameOf(parameter), step, cancellation).ConfigureAwait(false) is not { } found || found.Step != step) continue;
                if (found.Record.Flaw(digest) is not { } wrong) return (found.Record, null);
                flaw = $"the state of '{parameter}' {wrong}";
            }
            catch (CheckpointException e)
            {
                flaw = $"the state of '{parameter}' cannot be read: {e.Message}";
            }
        }
        return (null, flaw ?? $"the state of '{parameter}' is missing");
    }

    /// <summary>Forgets all checkpoints but one and the one before it.</summary>
    /// <param name="kept">The one. What is later than it comes from a future that did not happen.</param>
    /// <param name="before">The one before it, if there is one.</param>
    /// <param name="only">The one database to look into; null for all.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task ForgetOthersAsync(CheckpointManifest kept, PlacedManifest? before, int? only, CancellationToken cancellation)
    {
        for (var index = 0; index < place.Count; index++)
        {
            if (only is not null && only != index) continue;
            if (await place.OpenToReadAsync(index, cancellation).ConfigureAwait(false) is not { } slot) continue;
            var last = before?.Index == index ? before.Manifest.Step - 1 : kept.Step - 1;
            // First what makes a checkpoint count: without that, the rest means nothing.
            await slot.DeleteUpToAsync(ManifestName, last, cancellation).ConfigureAwait(false);
            foreach (var parameter in kept.Digests.Keys)
                await slot.DeleteUpToAsync(NameOf(parameter), last, cancellation).ConfigureAwait(false);
            if (only is null) await ForgetLaterAsync(slot, kept, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ForgetLaterAsync(CheckpointSlot slot, CheckpointManifest kept, CancellationToken cancellation)
    {
        await foreach (var (manifest, flaw) in ManifestsAsync(slot, Latest, cancellation).ConfigureAwait(false))
        {
            var step = flaw?.Step ?? manifest!.Step;
            if (step <= kept.Step) return;
            await slot.DeleteAsync(ManifestName, step, cancellation).ConfigureAwait(false);
            foreach (var parameter in (manifest ?? kept).Digests.Keys)
                await slot.DeleteAsync(NameOf(parameter), step, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<string?> FlawOfStatesAsync(CheckpointManifest manifest, CancellationToken cancellation)
    {
        foreach (var (parameter, digest) in manifest.Digests)
        {
            if ((await FindAsync(manifest.Step, parameter, digest, cancellation).ConfigureAwait(false)).Flaw is { } flaw) return flaw;
        }
        return null;
    }

    /// <summary>A database's manifests up to a step, the latest first, or what is wrong with them.</summary>
    private async IAsyncEnumerable<(CheckpointManifest? Manifest, (long Step, string Why)? Flaw)> ManifestsAsync(
        CheckpointSlot slot, long upTo, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (upTo >= 0)
        {
            var (found, unreadable) = await LoadAsync(slot, upTo, cancellation).ConfigureAwait(false);
            if (found is null) yield break;
            upTo = found.Value.Step - 1;
            yield return unreadable is null ? Read(found.Value.Step, found.Value.Record) : (null, (found.Value.Step, unreadable));
        }
    }

    private static (CheckpointManifest? Manifest, (long Step, string Why)? Flaw) Read(long step, StoredRecord record)
    {
        if (record.Flaw() is { } flaw) return (null, (step, $"its manifest {flaw}"));
        try
        {
            return (ManifestRecord.Read(record, step), null);
        }
        catch (CheckpointException e)
        {
            return (null, (step, e.Message));
        }
    }

    /// <summary>The latest manifest's record up to a step. A row that the database hands out only with an error is found by
    /// halving: questions that end before it are answered.</summary>
    private async Task<((long Step, StoredRecord Record)? Found, string? Unreadable)> LoadAsync(
        CheckpointSlot slot, long upTo, CancellationToken cancellation)
    {
        try
        {
            return (await slot.LoadAsync(ManifestName, upTo, cancellation).ConfigureAwait(false), null);
        }
        catch (CheckpointException e)
        {
            // Whoever does not answer this does not answer at all.
            await slot.LoadAsync(ManifestName, -1, cancellation).ConfigureAwait(false);
            var (answered, refused) = (-1L, upTo);
            while (refused - answered > 1)
            {
                var middle = answered + ((refused - answered) / 2);
                if (await IsAnsweredAsync(slot, middle, cancellation).ConfigureAwait(false)) answered = middle;
                else refused = middle;
            }
            return ((refused, new StoredRecord([])), $"its manifest cannot be read: {e.Message}");
        }
    }

    private async Task<bool> IsAnsweredAsync(CheckpointSlot slot, long upTo, CancellationToken cancellation)
    {
        try
        {
            await slot.LoadAsync(ManifestName, upTo, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }
}
