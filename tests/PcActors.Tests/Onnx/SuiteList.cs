using System.Text.RegularExpressions;
using PcActors.Tests.Documentation;

namespace PcActors.Tests.Onnx;

/// <summary>What became of one of ONNX's node tests.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Operators">The operators in it; none where it could not be read.</param>
/// <param name="Reason">Why it is refused; null when it passes.</param>
internal sealed partial record SuiteTest(string Name, string[] Operators, string? Reason)
{
    /// <summary>A test with a refusal, without what differs from test to test: the file, the node and its
    /// output.</summary>
    public static SuiteTest Of(string name, string[] operators, string? refusal)
    {
        if (refusal is null) return new SuiteTest(name, operators, null);
        var reason = Node().Replace(File().Replace(refusal, ""), "$1: ");
        return new SuiteTest(name, operators, Value().Replace(reason.Split("; ")[0], "a value"));
    }

    [GeneratedRegex(@"^.*\.onnx: ")]
    private static partial Regex File();

    [GeneratedRegex(@"^the node (?:of )?'[^']*' \((\w+)\): ")]
    private static partial Regex Node();

    [GeneratedRegex(@"^'[^']*'")]
    private static partial Regex Value();
}

/// <summary>The committed list of the node tests of ONNX's newest suite: a line for each.</summary>
internal static class SuiteList
{
    public const string Name = "tests/PcActors.Tests/Onnx/onnx-suite.txt";

    /// <summary>The environment variable that names the folder of the tests.</summary>
    public const string Variable = "PCACTORS_ONNX_SUITE";

    private static readonly string FullPath = Path.Combine(Repository.Root, Name);

    /// <summary>All tests.</summary>
    public static IReadOnlyList<SuiteTest> Tests { get; } = Read();

    /// <summary>The names of those that pass.</summary>
    public static IReadOnlySet<string> Passed { get; } =
        Tests.Where(test => test.Reason is null).Select(test => test.Name).ToHashSet();

    public static void Write(IEnumerable<SuiteTest> tests) => File.WriteAllText(FullPath, string.Concat(
        tests.OrderBy(test => test.Name, StringComparer.Ordinal)
            .Select(test => $"{test.Name}\t{string.Join(' ', test.Operators)}\t{test.Reason}\n")));

    private static SuiteTest[] Read() => File.Exists(FullPath)
        ? [.. File.ReadAllLines(FullPath).Select(line => line.Split('\t'))
            .Select(row => new SuiteTest(row[0], row[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                row[2].Length == 0 ? null : row[2]))]
        : [];
}
