using PcActors.Tests.Documentation;

namespace PcActors.Tests.Onnx;

/// <summary>The committed list of ONNX's operator tests: a line for each, with the operators in
/// it when it passes and without them when it is left out. A test that a later version of ONNX has may
/// be in neither state.</summary>
internal static class OperatorTestList
{
    public const string Name = "tests/PcActors.Tests/Onnx/operator-tests.txt";

    /// <summary>How the list and the document that shows it are written anew.</summary>
    public const string Update =
        "to write it anew, run the tests of Onnx and then those of Documentation with PCACTORS_UPDATE_DOCS=1";

    private static readonly Dictionary<string, string[]> Tests = Read();

    public static bool IsUpdating { get; } = Environment.GetEnvironmentVariable("PCACTORS_UPDATE_DOCS") == "1";

    /// <summary>The operators of each test that passes.</summary>
    public static IReadOnlyDictionary<string, string[]> Passed { get; } = Tests.Where(test => test.Value.Length > 0)
        .ToDictionary();

    private static string FullPath => Path.Combine(Repository.Root, Name);

    /// <summary>Whether a test is listed as one that is left out.</summary>
    public static bool IsLeftOut(string test) => Tests.TryGetValue(test, out var operators) && operators.Length == 0;

    /// <summary>A test's line.</summary>
    public static string Line(string test, IEnumerable<string> operators) =>
        string.Join(' ', operators.Distinct().Order(StringComparer.Ordinal).Prepend(test));

    public static void Write(IEnumerable<string> lines) =>
        File.WriteAllText(FullPath, string.Join('\n', lines.Order(StringComparer.Ordinal)) + "\n");

    private static Dictionary<string, string[]> Read() => File.Exists(FullPath)
        ? File.ReadAllLines(FullPath).Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => words[1..])
        : [];
}
