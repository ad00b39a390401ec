using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PcActors.Learning.Instruments;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Checkpoints;

/// <summary>A checkpoint as a safetensors file. A parameter p is the tensors <c>parameter/p</c>, <c>optimizer.0/p</c>,
/// ... and <c>updates/p</c>, a scalar of type I64. The manifest is its metadata; there is a SHA-256 of each state and
/// one of the header, which is taken while 64 zeros stand in its own place.</summary>
internal static class CheckpointFile
{
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
    private const string ParameterPrefix = "parameter/";
    private const string UpdatesPrefix = "updates/";
    private const int PieceBytes = 1 << 16;

    private static readonly string NoDigest = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="manifest">What it says of itself, but for what the states tell.</param>
    /// <param name="snapshot">The states.</param>
    public static void Write<T>(Stream stream, CheckpointManifest manifest, NetworkSnapshot<T> snapshot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("checkpoints are written on little-endian machines only");
        var states = snapshot.States.OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        var tensors = new List<StoredTensor>();
        // The widest elements first, so that all are aligned.
        foreach (var (name, _) in states) Add(UpdatesPrefix + name, "I64", Shape.Scalar, sizeof(long));
        foreach (var (name, state) in states)
        {
            Add(ParameterPrefix + name, TypeOf<T>(), state.Value.Shape, state.Value.Bytes);
            foreach (var (i, tensor) in state.OptimizerState.Index())
                Add(StatePrefix(i) + name, TypeOf<T>(), tensor.Shape, tensor.Bytes);
        }
        var digests = states.ToDictionary(s => s.Key, s => DigestOf(s.Value), StringComparer.Ordinal);
        var metadata = MetadataOf(manifest with { Digests = digests, Messages = snapshot.Messages, Seed = snapshot.Seed });
        var header = new SafeTensors(metadata, tensors).ToBytes();
        var place = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoDigest));
        Encoding.ASCII.GetBytes(Digest(header.AsSpan(sizeof(long)))).CopyTo(header, place);
        stream.Write(header);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var (_, state) in states)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, state.Updates);
            stream.Write(number);
        }
        foreach (var (_, state) in states)
        {
            stream.Write(MemoryMarshal.AsBytes(state.Value.Span));
            foreach (var tensor in state.OptimizerState) stream.Write(MemoryMarshal.AsBytes(tensor.Span));
        }

        void Add(string name, string type, Shape shape, long bytes)
        {
            var begin = tensors.Count == 0 ? 0 : tensors[^1].End;
            tensors.Add(new StoredTensor(name, type, [.. shape.Dimensions], begin, begin + bytes));
        }
    }

    /// <summary>Reads what a checkpoint says of itself, and looks all of its states over.</summary>
    /// <exception cref="CheckpointException">It cannot be used: why, after "it cannot be used: ".</exception>
    public static CheckpointManifest Check(Stream stream)
    {
        var (manifest, header) = ReadHeader(stream);
        ReadTensors(stream, manifest, header, _ => default);
        return manifest;
    }

    /// <summary>Reads a checkpoint's states.</summary>
    /// <exception cref="CheckpointException">It cannot be used, or has states of another element type.</exception>
    public static NetworkSnapshot<T> Read<T>(Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (manifest, header) = ReadHeader(stream);
        var floats = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
        var numbers = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var tensor in header.Tensors)
        {
            if (tensor.Name.StartsWith(UpdatesPrefix, StringComparison.Ordinal))
                numbers[tensor.Name] = new long[1];
            else if (tensor.Type == TypeOf<T>())
                floats[tensor.Name] = new Tensor<T>(new Shape(Array.ConvertAll(tensor.Dimensions, d => (int)d)));
            else
                throw new CheckpointException($"'{tensor.Name}' has elements of type {tensor.Type}, and {TypeOf<T>()} are needed");
        }
        ReadTensors(stream, manifest, header, tensor => numbers.TryGetValue(tensor.Name, out var number)
            ? MemoryMarshal.AsBytes(number.AsSpan())
            : MemoryMarshal.AsBytes(floats[tensor.Name].Writable));
        var states = manifest.Digests.Keys.ToDictionary(name => name, name => new ParameterSnapshot<T>(
            floats[ParameterPrefix + name],
            numbers[UpdatesPrefix + name][0],
            [.. OptimizerStatesOf(name)]), StringComparer.Ordinal);
        return new NetworkSnapshot<T>(manifest.Step, states, manifest.Messages) { Seed = manifest.Seed };

        IEnumerable<Tensor<T>> OptimizerStatesOf(string name)
        {
            for (var i = 0; floats.TryGetValue(StatePrefix(i) + name, out var state); i++) yield return state;
        }
    }

    /// <summary>A state's SHA-256: of its number of updates, its value and the optimizer's tensors,
    /// little-endian.</summary>
    private static string DigestOf<T>(ParameterSnapshot<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(state.Updates));
        foreach (var tensor in state.OptimizerState.Prepend(state.Value)) hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string TypeOf<T>() => Unsafe.SizeOf<T>() == sizeof(float) ? "F32" : "F64";

    private static string StatePrefix(int index) => string.Create(CultureInfo.InvariantCulture, $"optimizer.{index}/");

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

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
            foreach (var (key, text) in texts.OrderBy(t => t.Key, StringComparer.Ordinal)) metadata[prefix + key] = text;
        }
    }

    private static (CheckpointManifest Manifest, SafeTensors Header) ReadHeader(Stream stream)
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
                $"it has the form {format}, of a newer version; this version reads forms up to {CheckpointManifest.CurrentFormat}");
        }
        var manifest = new CheckpointManifest
        {
            Format = (int)format,
            Step = Number(texts, Step),
            Model = texts.GetValueOrDefault(Model, ""),
            Digests = Under(DigestPrefix, texts),
            Notes = Under(NotePrefix, texts),
            Messages = new MessageCounts(Number(texts, Values), Number(texts, Errors)),
            Seed = ulong.TryParse(texts.GetValueOrDefault(Seed), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null,
            Bytes = header.Tensors.Where(t => !t.Name.StartsWith(UpdatesPrefix, StringComparison.Ordinal)).Sum(t => t.End - t.Begin),
            Time = DateTimeOffset.TryParse(texts.GetValueOrDefault(Time), CultureInfo.InvariantCulture, out var time) ? time : default,
        };
        RequireStates(manifest, header);
        return (manifest, header);
    }

    /// <summary>Refuses a header whose tensors are not those of its states.</summary>
    private static void RequireStates(CheckpointManifest manifest, SafeTensors header)
    {
        var tensors = header.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
        foreach (var name in manifest.Digests.Keys)
        {
            if (!tensors.Remove(UpdatesPrefix + name, out var updates) || !tensors.Remove(ParameterPrefix + name, out var value))
                throw new CheckpointException($"the state of '{name}' is missing");
            var fits = updates is { Type: "I64", Dimensions: [] } && value.Type is "F32" or "F64" && IsShape(value.Dimensions);
            for (var i = 0; tensors.Remove(StatePrefix(i) + name, out var state); i++)
                fits &= state.Type == value.Type && state.Dimensions.SequenceEqual(value.Dimensions);
            if (!fits) throw new CheckpointException($"the state of '{name}' has tensors that do not go together");
        }
        if (tensors.Count > 0) throw new CheckpointException($"'{tensors.Keys.First()}' belongs to no state");
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

    /// <summary>Reads all tensors, in the order of their bytes, and refuses a state whose digest is not the
    /// manifest's.</summary>
    /// <param name="stream">Behind the header.</param>
    /// <param name="manifest">The digests.</param>
    /// <param name="header">The tensors.</param>
    /// <param name="target">Where a tensor's bytes go; empty when they are only looked at.</param>
    private static void ReadTensors(
        Stream stream, CheckpointManifest manifest, SafeTensors header, Func<StoredTensor, Span<byte>> target)
    {
        var piece = new byte[PieceBytes];
        var hashes = manifest.Digests.Keys.ToDictionary(
            name => name, _ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256), StringComparer.Ordinal);
        try
        {
            foreach (var tensor in header.Tensors)
            {
                var hash = hashes[tensor.Name[(tensor.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]];
                var rest = target(tensor);
                for (var left = tensor.End - tensor.Begin; left > 0;)
                {
                    var part = (rest.IsEmpty ? piece : rest)[..(int)Math.Min(left, PieceBytes)];
                    stream.ReadExactly(part);
                    hash.AppendData(part);
                    left -= part.Length;
                    if (!rest.IsEmpty) rest = rest[part.Length..];
                }
            }
            foreach (var (name, digest) in manifest.Digests)
                Require($"the state of '{name}'", digest, Convert.ToHexStringLower(hashes[name].GetHashAndReset()));
        }
        finally
        {
            foreach (var hash in hashes.Values) hash.Dispose();
        }
    }

    private static void Require(string what, string stored, string found)
    {
        if (found != stored)
            throw new CheckpointException($"{what} is damaged: its SHA-256 is {Short(found)}, and {Short(stored)} was stored");
    }

    private static Dictionary<string, string> Under(string prefix, IReadOnlyDictionary<string, string> texts) => texts
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);

    private static long Number(IReadOnlyDictionary<string, string> texts, string key) =>
        texts.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CheckpointException($"'{key}' in its metadata is no number");

    private static string Short(string digest) => digest.Length > 16 ? $"{digest[..16]}..." : digest;
}
