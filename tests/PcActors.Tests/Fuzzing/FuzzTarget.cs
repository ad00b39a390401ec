using CsCheck;

namespace PcActors.Tests.Fuzzing;

/// <summary>A reader that is given changed files.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Whole files from which the changed ones are made.</param>
/// <param name="Apply">Makes one change.</param>
/// <param name="Read">Reads the bytes; a path in a folder of its own is given for a file of them.</param>
/// <param name="Bound">How many bytes reading may allocate.</param>
/// <param name="Refusal">The exception with which it refuses.</param>
internal sealed record FuzzTarget(
    string Name, IReadOnlyList<byte[]> Seeds, Func<byte[], Edit, byte[]> Apply, Action<byte[], string> Read,
    Func<byte[], long> Bound, Type Refusal)
{
    // A reader must be done by then; other processes may have the machine meanwhile.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A file and what is changed of it, the same for the same number.</summary>
    public (byte[] Seed, Edit[] Edits) Draw(ulong seed, int number)
    {
        var (index, edits) = Edit.Several.Generate(new PCG((uint)number, seed), null, out _);
        return (Seeds[index % Seeds.Count], edits);
    }

    /// <summary>The changed file.</summary>
    public byte[] Changed(byte[] seed, IEnumerable<Edit> edits) => edits.Aggregate(seed, Apply);

    /// <summary>What is wrong with the way in which bytes are read; null when they are read or refused as they should
    /// be.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="folder">A folder to write them to.</param>
    public string? Fault(byte[] bytes, string folder)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Exception? thrown = null;
        try
        {
            Read(bytes, folder);
        }
        catch (Exception e)
        {
            thrown = e;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (thrown is not null && thrown.GetType() != Refusal) return $"it throws {thrown}";
        if (thrown is not null && FaultOf(thrown.Message) is { } wrong) return wrong;
        if (allocated > Bound(bytes)) return $"it allocates {allocated} bytes for {bytes.Length}, over {Bound(bytes)}";
        return clock.Elapsed > Longest ? $"it takes {clock.Elapsed.TotalSeconds:F1} s" : null;
    }

    private static string? FaultOf(string message)
    {
        const int MostLetters = 2000;
        if (message.Any(char.IsControl)) return $"its message is not one line: {message}";
        return message.Length > MostLetters ? $"its message has {message.Length} letters: {message[..200]}" : null;
    }
}
