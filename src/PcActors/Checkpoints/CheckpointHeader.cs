using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PcActors.Learning.Instruments;

namespace PcActors.Checkpoints;

/// <summary>The header of a checkpoint's file: the manifest as metadata, with a SHA-256 of
/// the header, which is taken while 64 zeros stand in its own place.</summary>
internal static class CheckpointHeader
{
    /// <summary>What stands before a parameter's name in its value's.</summary>
    public const string ParameterPrefix = "parameter/";

    /// <summary>What stands before a parameter's name in its number of updates'.</summary>
    public const string UpdatesPrefix = "updates/";

    /// <summary>What stands before a parameter's name in its value's after the best epoch.</summary>
    public const string BestPrefix = "best/";

    private const string Format = "pcactors.format";
    private const string HeaderDigest = "pcactors.sha256";
    private const string Step = "pcactors.step";
    private const string Model = "pcactors.model";
    private const string Values = "pcactors.values";
    private const string Errors = "pcactors.errors";
    private const string Seed = "pcactors.seed";
    private const string Time = "pcactors.time";
    private const string DigestPrefix = "sha256/";
    private const string NotePrefix = "note/";

    private static readonly string NoDigest = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>What stands before a parameter's name in that of one of its optimizer's tensors.</summary>
    public static string StatePrefix(int index) => string.Create(CultureInfo.InvariantCulture, $"optimizer.{index}/");

    /// <summary>A header's bytes.</summary>
    /// <param name="manifest">What the checkpoint says of itself.</param>
    /// <param name="tensors">What follows.</param>
    public static byte[] Write(CheckpointManifest manifest, IReadOnlyList<StoredTensor> tensors)
    {
        var header = new SafeTensors(MetadataOf(manifest), tensors).ToBytes();
        var place = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoDigest));
        Encoding.ASCII.GetBytes(Digest(header.AsSpan(sizeof(long)))).CopyTo(header, place);
        return header;
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="CheckpointException">It is none of a checkpoint, damaged, or of a newer version.</exception>
    public static (CheckpointManifest Manifest, SafeTensors Header) Read(Stream stream)
    {
        var header = SafeTensors.Read(stream, out var json);
        var texts = header.Metadata;
        var digest = texts.GetValueOrDefault(HeaderDigest, "");
        var place = json.AsSpan().IndexOf(Encoding.UTF8.GetBytes(digest));
        if (place < 0 || digest.Length != NoDigest.Length)
            throw new CheckpointException($"it is no checkpoint of PcActors: '{HeaderDigest}' is not in its metadata");
        Encoding.ASCII.GetBytes(NoDigest).CopyTo(json, place);
        Require("its manifest", digest, Digest(json));
        var format = Number(texts, Format);
        if (format > CheckpointManifest.CurrentFormat)
        {
            throw new CheckpointException(
                $"it has the form {format}, of a newer version; this version reads forms up to "
                + $"{CheckpointManifest.CurrentFormat}");
        }
        var manifest = new CheckpointManifest
        {
            Format = (int)format,
            Step = Number(texts, Step),
            Model = texts.GetValueOrDefault(Model, ""),
            Digests = Under(DigestPrefix, texts),
            Notes = Under(NotePrefix, texts),
            Messages = new MessageCounts(Number(texts, Values), Number(texts, Errors)),
            Seed = ulong.TryParse(texts.GetValueOrDefault(Seed), NumberStyles.None, CultureInfo.InvariantCulture,
                out var seed) ? seed : null,
            Bytes = header.Tensors.Where(t => !t.Name.StartsWith(UpdatesPrefix, StringComparison.Ordinal))
                .Sum(t => t.End - t.Begin),
            Time = DateTimeOffset.TryParse(texts.GetValueOrDefault(Time), CultureInfo.InvariantCulture, out var time)
                ? time
                : default,
        };
        RequireStates(manifest, header);
        return (manifest, header);
    }

    /// <summary>Refuses a header whose tensors are not those of its states.</summary>
    private static void RequireStates(CheckpointManifest manifest, SafeTensors header)
    {
        var tensors = header.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        var withBest = 0;
        foreach (var name in manifest.Digests.Keys)
        {
            if (!tensors.Remove(UpdatesPrefix + name, out var updates)
                || !tensors.Remove(ParameterPrefix + name, out var value))
                throw new CheckpointException($"the state of '{name}' is missing");
            var fits = updates is { Type: "I64", Dimensions: [] } && value.Type is "F32" or "F64"
                && IsShape(value.Dimensions);
            for (var i = 0; tensors.Remove(StatePrefix(i) + name, out var state); i++)
                fits &= state.Type == value.Type && state.Dimensions.SequenceEqual(value.Dimensions);
            if (tensors.Remove(BestPrefix + name, out var best))
            {
                withBest++;
                fits &= best.Type == value.Type && best.Dimensions.SequenceEqual(value.Dimensions);
            }
            if (!fits) throw new CheckpointException($"the state of '{name}' has tensors that do not go together");
        }
        if (tensors.Count > 0) throw new CheckpointException($"'{tensors.Keys.First()}' belongs to no state");
        if (withBest > 0 && withBest < manifest.Digests.Count)
            throw new CheckpointException("it has the values of the best epoch for some states alone");
    }

    private static bool IsShape(long[] dimensions)
    {
        var length = 1L;
        foreach (var extent in dimensions)
        {
            if (extent > int.MaxValue || (length *= extent) > int.MaxValue) return false;
        }
        return true;
    }

    /// <summary>Refuses what has another digest than was stored.</summary>
    /// <exception cref="CheckpointException">It has.</exception>
    public static void Require(string what, string stored, string found)
    {
        if (found != stored)
            throw new CheckpointException(
                $"{what} is damaged: its SHA-256 is {Short(found)}, and {Short(stored)} was stored");
    }

    private static Dictionary<string, string> MetadataOf(CheckpointManifest manifest)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderDigest] = NoDigest,
            [Format] = manifest.Format.ToString(CultureInfo.InvariantCulture),
            [Step] = manifest.Step.ToString(CultureInfo.InvariantCulture),
            [Model] = manifest.Model,
            [Values] = manifest.Messages.Values.ToString(CultureInfo.InvariantCulture),
            [Errors] = manifest.Messages.Errors.ToString(CultureInfo.InvariantCulture),
            [Time] = manifest.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        if (manifest.Seed is { } seed) metadata[Seed] = seed.ToString(CultureInfo.InvariantCulture);
        Add(DigestPrefix, manifest.Digests);
        Add(NotePrefix, manifest.Notes);
        return metadata;

        void Add(string prefix, IReadOnlyDictionary<string, string> texts)
        {
            foreach (var (key, text) in texts.OrderBy(t => t.Key, StringComparer.Ordinal))
                metadata[prefix + key] = text;
        }
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Dictionary<string, string> Under(string prefix, IReadOnlyDictionary<string, string> texts) => texts
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);

    private static long Number(IReadOnlyDictionary<string, string> texts, string key) =>
        texts.TryGetValue(key, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CheckpointException($"'{key}' in its metadata is no number");

    private static string Short(string digest) => digest.Length > 16 ? $"{digest[..16]}..." : digest;
}
