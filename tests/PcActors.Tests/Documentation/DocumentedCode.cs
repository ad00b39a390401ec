using PcActors.Learning.Losses;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Documentation;

/// <summary>What the documents show compiles, runs, and is what the repository holds.</summary>
public class DocumentedCode
{
    private static string Root => Repository.Root;

    [Fact]
    public void The_README_shows_the_program_that_is_tested()
    {
        var lines = Lines("tests/PcActors.Tests/Documentation/ReadmeProgram.cs");
        var usings = lines.TakeWhile(line => line.StartsWith("using ", StringComparison.Ordinal));
        AssertShown("README.md", [.. usings, "", .. Body(lines)]);
    }

    [Fact]
    public void The_trace_document_shows_the_program_that_is_tested() =>
        AssertShown("docs/trace-format.md", [.. Body(Lines("tests/PcActors.Tests/Documentation/TraceProgram.cs"))]);

    [Theory]
    [InlineData("run.trace")]
    [InlineData("run.trace.gz")]
    public async Task The_trace_documents_program_reads_what_it_has_recorded(string name)
    {
        using var folder = new TemporaryFolder();
        var graph = ResidualStack.Build<float>(1);
        await TraceProgram.RunAsync(graph, RandomBatch.Create(graph, Loss.CrossEntropy, 1, 1), folder.PathOf(name));
    }

    [Fact]
    public async Task The_READMEs_program_learns_the_digits_and_makes_backpropagations_update()
    {
        var (accuracy, messages, sameBits) = await ReadmeProgram.RunAsync();
        Assert.True(sameBits);
        Assert.True(accuracy > 0.9, $"{accuracy:P1} of the test digits are right");
        Assert.True(messages > 0);
    }

    [Theory]
    [InlineData("Squareplus")]
    [InlineData("Lion")]
    [InlineData("Huber")]
    [InlineData("Langevin")]
    public void The_architecture_document_shows_what_is_tested(string name) => AssertShown(
        "docs/architecture.md",
        [.. Lines($"tests/PcActors.Tests.Extension/{name}.cs")
            .SkipWhile(line => !line.StartsWith("///", StringComparison.Ordinal))]);

    [Fact]
    public void The_testing_document_shows_the_tests_that_run() =>
        AssertShown("docs/testing.md", Lines("tests/PcActors.Tests/Documentation/TestingExample.cs"));

    private static IEnumerable<string> Body(string[] lines) =>
        lines.SkipWhile(line => line.Trim() != "// From here").Skip(1).TakeWhile(line => line.Trim() != "// To here")
            .Select(line => line.Length == 0 ? line : line["        ".Length..]);

    private static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static void AssertShown(string document, string[] lines) =>
        Assert.Contains(string.Join("\n", lines).Trim(),
            File.ReadAllText(Path.Combine(Root, document)).ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
