using System.Reflection;
using PcActors.Cluster;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Architecture;

/// <summary>The rooms of the house depend on each other in one direction.</summary>
public class RoomDependencies
{
    private const string House = "PcActors.";

    // What each room may refer to, besides itself. A room that is not listed may not exist.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Files"] = [],
        ["Tensors"] = [],
        ["Functions"] = ["Tensors"],
        ["Graphs"] = ["Functions", "Tensors"],
        ["Learning"] = ["Graphs", "Functions", "Tensors"],
        ["Extensions"] = ["Learning", "Graphs", "Functions", "Tensors"],
        ["Data"] = ["Graphs", "Functions", "Tensors", "Files"],
        ["Models"] = ["Graphs", "Functions", "Tensors"],
        ["Weights"] = ["Checkpoints", "Data", "Learning", "Graphs", "Tensors", "Files"],
        ["Onnx"] = ["Data", "Graphs", "Functions", "Tensors", "Files"],
        ["Runs"] = ["Learning", "Graphs", "Functions", "Tensors"],
        ["Checkpoints"] = ["Runs", "Learning", "Graphs", "Functions", "Tensors", "Files"],
        ["Training"] = ["Checkpoints", "Runs", "Data", "Learning", "Graphs", "Functions", "Tensors"],
        ["Tracing"] = ["Extensions", "Runs", "Learning", "Graphs", "Functions", "Tensors", "Files"],
        ["Cluster"] = ["Extensions", "Checkpoints", "Tracing", "Runs", "Learning", "Graphs", "Functions", "Tensors"],
        ["Testing"] = ["Tracing", "Runs", "Learning", "Graphs", "Functions", "Tensors"],
    };

    // Between assemblies the compiler holds the direction; within one, these tests do.
    private static readonly Assembly[] Houses = [typeof(Tensor<>).Assembly, typeof(OnnxModel).Assembly,
        typeof(TraceFile).Assembly, typeof(ClusterNode).Assembly, typeof(VertexBench<>).Assembly];

    private static readonly IReadOnlyList<(string From, string To)> References = [
        .. Houses.SelectMany(RoomReferences.Of)];

    [Fact]
    public void No_room_refers_to_one_that_it_may_not_know()
    {
        var wrong = References
            .Select(r => (r.From, r.To, FromRoom: RoomOf(r.From), ToRoom: RoomOf(r.To)))
            .Where(
                r => r.FromRoom is not null && r.ToRoom is not null && r.FromRoom != r.ToRoom
                    && !Allowed[r.FromRoom].Contains(r.ToRoom))
            .Select(r => $"{r.From} refers to {r.To}");
        Assert.Equal([], wrong);
    }

    [Fact]
    public void The_rules_have_no_way_round()
    {
        Assert.Equal([], InCircles(Allowed.ToDictionary(r => r.Key, r => r.Value.ToHashSet())));
    }

    [Fact]
    public void The_folders_of_the_cluster_form_no_circle()
    {
        // What is in the room itself is its front, and the words that all use.
        static string? FolderOf(string type) =>
            type.Split('.', '+') is ["PcActors", "Cluster", var folder, _, ..] ? folder : null;
        var needs = References
            .Select(r => (From: FolderOf(r.From), To: FolderOf(r.To)))
            .Where(r => r.From is not null && r.To is not null && r.From != r.To)
            .GroupBy(r => r.From!, r => r.To!)
            .ToDictionary(g => g.Key, g => g.ToHashSet());
        Assert.True(needs.Count > 4);
        foreach (var folder in needs.Values.SelectMany(n => n).ToHashSet()) needs.TryAdd(folder, []);
        Assert.Equal([], InCircles(needs));
    }

    [Fact]
    public void The_rewriting_of_model_files_knows_nothing_of_how_they_are_read()
    {
        string[] unknown = ["Import", "Export", "Form", "Files", "Learning", "Schema"];
        Assert.Contains(References, r => r.From.StartsWith("PcActors.Onnx.Rewriting.", StringComparison.Ordinal));
        Assert.Equal([], References.Where(r => r.From.StartsWith("PcActors.Onnx.Rewriting.", StringComparison.Ordinal)
            && r.To.Split('.', '+') is ["PcActors", "Onnx", var folder, _, ..] && unknown.Contains(folder)));
    }

    private static Dictionary<string, HashSet<string>>.KeyCollection InCircles(Dictionary<string, HashSet<string>> left)
    {
        while (left.Where(r => r.Value.Count == 0).Select(r => r.Key).FirstOrDefault() is { } free)
        {
            left.Remove(free);
            foreach (var others in left.Values) others.Remove(free);
        }
        return left.Keys;
    }

    // The reader sees what a compiler would: references that are there have to show.
    [Theory]
    [InlineData("PcActors.Functions.MatMul`1", "PcActors.Tensors.Tensor`1")]
    [InlineData("PcActors.Functions.Tanh`1", "PcActors.Tensors.Kernels.Transcendental")]
    [InlineData("PcActors.Graphs.Levelling", "PcActors.Functions.OperatorCatalogue")]
    [InlineData("PcActors.Runs.Reference", "PcActors.Runs.DivergedException")]
    [InlineData("PcActors.Runs.VertexActor`1", "PcActors.Learning.Vertices.VertexState`1")]
    public void References_in_signatures_and_in_code_are_seen(string from, string to) =>
        Assert.Contains(References,
            r => (r.From == from || r.From.StartsWith(from + "+", StringComparison.Ordinal)) && r.To == to);

    [Fact]
    public void Only_the_actors_rooms_know_Akka()
    {
        string[] rooms = ["Runs", "Tracing", "Cluster", "Testing"];
        var knowing = Houses.SelectMany(a => a.GetTypes())
            .Where(t => RoomOf(t.FullName!) is { } room && !rooms.Contains(room))
            .Where(t => t.GetFields(Everything).Select(f => f.FieldType)
                .Concat(t.GetMethods(Everything).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType))
                .Append(t.BaseType ?? typeof(object)).Concat(t.GetInterfaces())
                .Any(used => used.FullName?.StartsWith("Akka.", StringComparison.Ordinal) ?? false));
        Assert.Equal([], knowing);
    }

    private const System.Reflection.BindingFlags Everything = System.Reflection.BindingFlags.Public
        | System.Reflection.BindingFlags.NonPublic
        | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static
        | System.Reflection.BindingFlags.DeclaredOnly;

    /// <summary>The room of a type; null for what the compiler puts outside all of them.</summary>
    private static string? RoomOf(string type)
    {
        if (!type.StartsWith(House, StringComparison.Ordinal)) return null;
        var room = type[House.Length..].Split('.')[0];
        return Allowed.ContainsKey(room)
            ? room
            : throw new InvalidOperationException($"'{type}' is in a room that has no rule: '{room}'");
    }
}
