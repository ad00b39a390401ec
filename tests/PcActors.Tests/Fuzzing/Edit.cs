using CsCheck;

namespace PcActors.Tests.Fuzzing;

/// <summary>One change of a file, whatever the file's form makes of it.</summary>
/// <param name="Kind">Which change.</param>
/// <param name="Place">Where, as a part of what there is: 0 for the beginning.</param>
/// <param name="Value">A number to write.</param>
/// <param name="Count">A small number: how many.</param>
internal sealed record Edit(int Kind, double Place, long Value, int Count)
{
    // Lengths, ranks and extents go wrong at their ends.
    private static readonly long[] Telling =
    [
        0, 1, -1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 255, 256, 1000, 4095, 32767, 32768, 65535, 65536, 100_000, 1 << 24,
        (1 << 24) + 1, int.MaxValue, int.MinValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 40, 1L << 53, 1L << 62,
        long.MaxValue, long.MinValue, long.MinValue + 1, -2, -128, -65536,
    ];

    private static readonly Gen<Edit> One = Gen.Select(
        Gen.Int[0, 255], Gen.Double.Unit,
        Gen.Frequency((3, Gen.Int[0, Telling.Length - 1].Select(i => Telling[i])), (2, Gen.Long[-4, 16]),
            (1, Gen.Long)),
        Gen.Int[1, 16],
        (kind, place, value, count) => new Edit(kind, place, value, count));

    /// <summary>A seed's number and what is changed of it.</summary>
    public static Gen<(int Seed, Edit[] Edits)> Several { get; } = Gen.Select(Gen.Int[0, int.MaxValue],
        Gen.Frequency((6, One.Array[1, 2]), (2, One.Array[3, 6]), (1, One.Array[10, 20])));

    /// <summary>The place among so many; 0 when there are none.</summary>
    public int Among(int count) => Math.Clamp((int)(Place * count), 0, Math.Max(0, count - 1));
}
