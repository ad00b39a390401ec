using PcActors.Tests.Architecture;

namespace PcNode.Tests;

/// <summary>The rooms of the command line depend on each other in one direction.</summary>
public sealed class RoomDependencies
{
    private const string House = "PcNode.";

    // From the bottom up: a room may refer to those above its line here, and to none below. A room
    // that is not listed may not exist.
    private static readonly string[] Rooms =
    [
        "Configuration", "Output", "Networks", "Experiments", "Drawing", "Reports", "Suite", "Cluster", "Tracing",
        "Stepping", "Checkpointing", "Inferring", "Using",
        "Commands",
    ];

    // What stands outside all rooms, and serves all. What else stands there starts the
    // program, and nobody refers to it.
    private static readonly string[] Outside = [nameof(ThisProgram), nameof(ExitCode), nameof(UsageException)];

    private static readonly IReadOnlyList<(string From, string To)> References = RoomReferences.Of(
        typeof(Cli).Assembly);

    [Fact]
    public void No_room_refers_to_one_above_it()
    {
        var wrong = References
            .Where(r => r.From.StartsWith(House, StringComparison.Ordinal) && LevelOf(r.From) < LevelOf(r.To))
            .Select(r => $"{r.From} refers to {r.To}");
        Assert.Equal([], wrong);
    }

    [Fact]
    public void References_are_seen() => Assert.All(
        Rooms[..^1],
        room => Assert.Contains(References, r => r.To.StartsWith(House + room + ".", StringComparison.Ordinal)));

    /// <summary>Where a type's room stands, from the bottom; what serves all is at the bottom.</summary>
    private static int LevelOf(string type)
    {
        if (!type.StartsWith(House, StringComparison.Ordinal)) return -1;
        var name = type[House.Length..];
        if (!name.Contains('.', StringComparison.Ordinal)) return Outside.Contains(name) ? -1 : Rooms.Length;
        var level = Array.IndexOf(Rooms, name.Split('.')[0]);
        return level >= 0 ? level : throw new InvalidOperationException($"'{type}' is in a room that has no place");
    }
}
