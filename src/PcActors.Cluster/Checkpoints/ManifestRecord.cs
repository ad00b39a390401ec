namespace PcActors.Cluster.Checkpoints;

/// <summary>A manifest as a record.</summary>
internal static class ManifestRecord
{
    /// <summary>The record of a manifest.</summary>
    public static StoredRecord Write(CheckpointManifest manifest)
    {
        var stored = new Schema.StoredManifest
        {
            Step = manifest.Step,
            Model = manifest.Model,
            Values = manifest.Values,
            Errors = manifest.Errors,
            Bytes = manifest.Bytes,
            Time = manifest.Time.ToUnixTimeMilliseconds(),
        };
        foreach (var (parameter, sha256) in manifest.Digests.OrderBy(d => d.Key, StringComparer.Ordinal))
            stored.Digests.Add(new Schema.StoredDigest { Parameter = parameter, Sha256 = sha256 });
        foreach (var (key, value) in manifest.Notes.OrderBy(n => n.Key, StringComparer.Ordinal))
            stored.Notes.Add(new Schema.StoredNote { Key = key, Value = value });
        return StoredRecord.Of(stored, manifest.Format);
    }

    /// <summary>The manifest in a record without a flaw.</summary>
    /// <exception cref="CheckpointException">It is none, or another step's.</exception>
    public static CheckpointManifest Read(StoredRecord record, long step)
    {
        var stored = record.Read(Schema.StoredManifest.Parser);
        if (stored.Step != step) throw new CheckpointException($"under step {step} the manifest of step {stored.Step} is stored");
        return new CheckpointManifest
        {
            Step = stored.Step,
            Model = stored.Model,
            Digests = ToDictionary(stored.Digests.Select(d => (d.Parameter, d.Sha256))),
            Notes = ToDictionary(stored.Notes.Select(n => (n.Key, n.Value))),
            Values = stored.Values,
            Errors = stored.Errors,
            Bytes = stored.Bytes,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(stored.Time),
        };
    }

    private static Dictionary<string, string> ToDictionary(IEnumerable<(string Key, string Value)> entries)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries) read[key] = value;
        return read;
    }
}
