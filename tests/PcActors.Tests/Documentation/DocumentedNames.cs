using System.Reflection;
using System.Text.RegularExpressions;
using PcActors.Cluster;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Testing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Documentation;

/// <summary>Property: what the documents name is there. Links lead to files and headings, paths to files or
/// folders; what looks like a name of the code is one; the benchmarks that they call exist.</summary>
public sealed partial class DocumentedNames
{
    // Akka's and .NET's words, an option's placeholder.
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal) { "Self", "TimeProvider", "Ns" };

    private static readonly Type[] Types =
    [
        .. new[] { typeof(Tensor<>), typeof(OnnxModel), typeof(TraceFile), typeof(ClusterNode), typeof(RecordedRun),
            typeof(DocumentedNames) }
            .SelectMany(type => type.Assembly.GetTypes()),
    ];

    private static readonly ILookup<string, Type> TypesByName = Types.ToLookup(NameOf);

    private static readonly HashSet<string> Members = [.. Types.SelectMany(MembersOf)];

    // A room is a folder and a namespace.
    private static readonly HashSet<string> Rooms =
    [
        .. Types.Select(type => type.Namespace).OfType<string>(),
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(folder => Path.GetFileName(folder)),
    ];

    // The command line is no part of what these tests are built on.
    private static readonly HashSet<string> Sources =
    [
        .. from folder in new[] { "src/PcNode", "tests/PcNode.Tests", "bench" }
           from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs",
               SearchOption.AllDirectories)
           from Match declared in Declaration().Matches(File.ReadAllText(file))
           select declared.Groups[1].Value,
    ];

    public static TheoryData<string> Documents
    {
        get
        {
            string[] folders = ["", "docs", "bench", "deploy"];
            return [.. folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md"))
                .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_files_and_headings_that_are_there(string document)
    {
        var folder = Path.GetDirectoryName(PathOf(document))!;
        var broken = Link().Matches(Read(document)).Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(target));
        Assert.Equal([], broken);

        bool Leads(string target)
        {
            var parts = target.Split('#');
            var file = parts[0].Length == 0 ? PathOf(document) : Path.Combine(folder, parts[0]);
            return Path.Exists(file)
                && (parts.Length == 1
                    || Heading().Matches(File.ReadAllText(file))
                        .Any(line => AnchorOf(line.Groups[1].Value) == parts[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_are_those_of_files_and_folders(string document)
    {
        var missing = FilePath().Matches(Read(document)).Select(path => path.Value.TrimEnd('.'))
            .Where(path => !Path.Exists(PathOf(path)));
        Assert.Equal([], missing);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Names_of_the_code_are_there(string document)
    {
        // The list of operators is made of what there is.
        if (document == OperatorDocument.File) return;
        var unknown = InlineCode().Matches(Block().Replace(Read(document), "")).Select(code => code.Groups[1].Value)
            .Where(code => CodeName().IsMatch(code) && code.Any(char.IsAsciiLetterLower) && !IsKnown(code));
        Assert.Equal([], unknown);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Benchmarks_that_are_called_are_there(string document)
    {
        var program = string.Concat(
            Directory.EnumerateFiles(PathOf("bench/PcActors.Benchmarks"), "*.cs", SearchOption.TopDirectoryOnly)
                .Select(File.ReadAllText));
        var missing = Benchmark().Matches(Read(document)).Select(call => call.Groups[1].Value)
            .Where(name => !program.Contains($"\"{name}\"", StringComparison.Ordinal));
        Assert.Equal([], missing);
    }

    [Theory]
    [InlineData("Simulation<T>", false)]
    [InlineData("Network<T>.StopAsync(graph)", false)]
    [InlineData("Network<T>.StartAsync(graph, options)", true)]
    [InlineData("StepMachine", true)]
    [InlineData("PcActors.Clustering", false)]
    [InlineData("PcActors.Cluster", true)]
    public void A_name_that_is_not_there_would_be_found(string name, bool isKnown) =>
    Assert.Equal(isKnown, IsKnown(name));

    private static string PathOf(string document) => Path.Combine(Repository.Root, document);

    private static string Read(string document) => File.ReadAllText(PathOf(document));

    // As GitHub makes it.
    private static string AnchorOf(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_'))
            .Replace(' ', '-');

    private static bool IsKnown(string code)
    {
        var name = Arguments().Replace(code, "");
        if (Rooms.Contains(name)) return true;
        var parts = name.Split('.');
        if (!parts.Skip(1).All(part => Members.Contains(part) || TypesByName.Contains(part))) return false;
        return parts.Length > 1 && TypesByName.Contains(parts[0])
            ? TypesByName[parts[0]].SelectMany(MembersOf).Contains(parts[1])
            : new[] { Foreign, Sources, Members }.Any(known => known.Contains(parts[0]))
                || TypesByName.Contains(parts[0]);
    }

    // As code says it: without the count of type parameters, and attributes without their ending.
    private static string NameOf(MemberInfo member) =>
        member is Type type && type.IsSubclassOf(typeof(Attribute))
            ? type.Name[..^"Attribute".Length]
            : member.Name.Split('`')[0];

    private static IEnumerable<string> MembersOf(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
            .Select(NameOf);

    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.-])(src|tests|bench|docs|deploy|eng|\.ci)/[\w./-]+")]
    private static partial Regex FilePath();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(<[^>]*>)?(\.[A-Z]\w*(<[^>]*>)?)*(\(.*\))?$")]
    private static partial Regex CodeName();

    [GeneratedRegex(@"<[^>]*>|\(.*\)$")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"(?:PcActors\.Benchmarks|\.\.\.) -- ([a-z][a-z-]*)")]
    private static partial Regex Benchmark();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum) (\w+)")]
    private static partial Regex Declaration();
}
