namespace PcActors.Tests.Onnx;

/// <summary>Golden: the node tests of the newest ONNX that stores them, which no package installs: those in the folder
/// that the environment variable PCACTORS_ONNX_SUITE names.</summary>
[Trait("Suite", "Long")]
public class OnnxSuite
{
    private static readonly string? Root = Environment.GetEnvironmentVariable(SuiteList.Variable);

    public static TheoryData<string> Cases =>
        [.. Folders.Select(test => Path.GetFileName(test)!).DefaultIfEmpty(NotGiven)];

    private static string NotGiven => $"{SuiteList.Variable} names no folder of ONNX's node tests";

    private static IEnumerable<string> Folders => Directory.Exists(Root)
        ? Directory.GetDirectories(Root).Where(test => File.Exists(Path.Combine(test, "model.onnx")))
            .Order(StringComparer.Ordinal)
        : [];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_node_predicts_what_ONNX_says_or_is_refused(string name)
    {
        Skip.If(name == NotGiven, NotGiven);
        var refusal = OperatorTest.Refusal(Path.Combine(Root!, name));
        if (!OperatorTestList.IsUpdating) Assert.Equal(SuiteList.Passed.Contains(name), refusal is null);
        Skip.If(refusal is not null, refusal);
    }

    [SkippableFact]
    public void The_list_of_the_suite_is_written_when_it_is_asked_for()
    {
        Skip.IfNot(OperatorTestList.IsUpdating && Folders.Any(), OperatorTestList.Update);
        SuiteList.Write(Folders.Select(test => SuiteTest.Of(
            Path.GetFileName(test), OperatorTest.Operators(test), OperatorTest.Refusal(test))));
    }
}
