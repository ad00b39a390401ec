using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PcActors.Learning;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Checkpoints;

/// <summary>A checkpoint as a safetensors file. A parameter p is the tensors <c>parameter/p</c>, <c>optimizer.0/p</c>,
/// ... and <c>updates/p</c>, a scalar of type I64; its value after the best epoch, where that is kept, is
/// <c>best/p</c>. The manifest, with a SHA-256 of each
/// state, is its metadata.</summary>
internal static class CheckpointFile
{
    private const int PieceBytes = 1 << 16;

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
        foreach (var (name, _) in states) Add(CheckpointHeader.UpdatesPrefix + name, "I64", Shape.Scalar, sizeof(long));
        foreach (var (name, state) in states)
        {
            Add(CheckpointHeader.ParameterPrefix + name, TypeOf<T>(), state.Value.Shape, state.Value.Bytes);
            foreach (var (i, tensor) in state.OptimizerState.Index())
                Add(CheckpointHeader.StatePrefix(i) + name, TypeOf<T>(), tensor.Shape, tensor.Bytes);
            if (snapshot.Best is { } best)
                Add(CheckpointHeader.BestPrefix + name, TypeOf<T>(), best[name].Shape, best[name].Bytes);
        }
        var digests = states.ToDictionary(
            s => s.Key, s => DigestOf(s.Value.Updates, TensorsOf(snapshot, s.Key)), StringComparer.Ordinal);
        stream.Write(
            CheckpointHeader.Write(
                manifest with { Digests = digests, Messages = snapshot.Messages, Seed = snapshot.Seed }, tensors));
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var (_, state) in states)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, state.Updates);
            stream.Write(number);
        }
        foreach (var (name, _) in states)
        {
            foreach (var tensor in TensorsOf(snapshot, name)) stream.Write(MemoryMarshal.AsBytes(tensor.Span));
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
        var (manifest, header) = CheckpointHeader.Read(stream);
        ReadTensors(stream, manifest, header, _ => default);
        return manifest;
    }

    /// <summary>Reads a checkpoint's states.</summary>
    /// <exception cref="CheckpointException">It cannot be used, or has states of another element type.</exception>
    public static NetworkSnapshot<T> Read<T>(Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (manifest, header) = CheckpointHeader.Read(stream);
        var floats = new Dictionary<string, Tensor<T>>(StringComparer.Ordinal);
        var numbers = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var tensor in header.Tensors)
        {
            if (tensor.Name.StartsWith(CheckpointHeader.UpdatesPrefix, StringComparison.Ordinal))
                numbers[tensor.Name] = new long[1];
            else if (tensor.Type == TypeOf<T>())
                floats[tensor.Name] = new Tensor<T>(new Shape(Array.ConvertAll(tensor.Dimensions, d => (int)d)));
            else
                throw new CheckpointException(
                    $"'{tensor.Name}' has elements of type {tensor.Type}, and {TypeOf<T>()} are needed");
        }
        ReadTensors(stream, manifest, header, tensor => numbers.TryGetValue(tensor.Name, out var number)
            ? MemoryMarshal.AsBytes(number.AsSpan())
            : MemoryMarshal.AsBytes(floats[tensor.Name].Writable));
        var states = manifest.Digests.Keys.ToDictionary(name => name, name => new ParameterSnapshot<T>(
            floats[CheckpointHeader.ParameterPrefix + name],
            numbers[CheckpointHeader.UpdatesPrefix + name][0],
            [.. OptimizerStatesOf(name)]), StringComparer.Ordinal);
        return new NetworkSnapshot<T>(manifest.Step, states, manifest.Messages)
        {
            Seed = manifest.Seed,
            Best = states.Keys.All(name => floats.ContainsKey(CheckpointHeader.BestPrefix + name))
                ? states.Keys.ToDictionary(name => name, name => floats[CheckpointHeader.BestPrefix + name],
                    StringComparer.Ordinal)
                : null,
        };

        IEnumerable<Tensor<T>> OptimizerStatesOf(string name)
        {
            for (var i = 0; floats.TryGetValue(CheckpointHeader.StatePrefix(i) + name, out var state); i++)
                yield return state;
        }
    }

    /// <summary>A state's tensors, in the order of the file: its value, the optimizer's, the value after the best
    /// epoch.</summary>
    private static IEnumerable<Tensor<T>> TensorsOf<T>(NetworkSnapshot<T> snapshot, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var state = snapshot.States[name];
        var tensors = state.OptimizerState.Prepend(state.Value);
        return snapshot.Best is { } best ? tensors.Append(best[name]) : tensors;
    }

    /// <summary>A state's SHA-256: of its number of updates and its tensors, little-endian.</summary>
    private static string DigestOf<T>(long updates, IEnumerable<Tensor<T>> tensors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(updates));
        foreach (var tensor in tensors) hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string TypeOf<T>() => Unsafe.SizeOf<T>() == sizeof(float) ? "F32" : "F64";

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
                CheckpointHeader.Require($"the state of '{name}'", digest,
                    Convert.ToHexStringLower(hashes[name].GetHashAndReset()));
        }
        finally
        {
            foreach (var hash in hashes.Values) hash.Dispose();
        }
    }
}
