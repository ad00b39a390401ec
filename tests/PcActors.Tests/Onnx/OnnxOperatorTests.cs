namespace PcActors.Tests.Onnx;

/// <summary>Golden: the operator tests that the ONNX project publishes, as Debian's package
/// libonnx-testdata installs them.</summary>
public class OnnxOperatorTests
{
    private const string NotInstalled = "libonnx-testdata is not installed";
    private const string Root = "/usr/share/libonnx-testdata/data";

    // What is left out on purpose, by what the refusal says.
    private static readonly string[] OutOfScope =
    [
        "is not supported", // an operator that is not in the catalogue
        "is no tensor of a type that is read", // sequences, optional values, texts, complex numbers
        "has the element type", // the same, in constants
        "it is Scan of opset 8",
        "only the first output is supported",
        "is an operator of the domain",
        "only sequences of all",
        "the version of its operators",
        "the model uses operators of the domain",
        "numbers are drawn",
    ];

    public static TheoryData<string> Cases
    {
        get
        {
            var cases = new TheoryData<string>();
            foreach (var folder in (string[])["node", "simple", "pytorch-operator", "pytorch-converted"])
            {
                var path = Path.Combine(Root, folder);
                foreach (var test in Folders(path).Order(StringComparer.Ordinal))
                    cases.Add($"{folder}/{Path.GetFileName(test)}");
            }
            if (cases.Count == 0) cases.Add(NotInstalled);
            return cases;
        }
    }

    private static string[] Folders(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void An_operator_predicts_what_ONNX_says(string name)
    {
        Skip.If(name == NotInstalled, NotInstalled);
        try
        {
            Verify(name);
        }
        catch (SkipException) when (OperatorTestList.Passed.ContainsKey(name) && !OperatorTestList.IsUpdating)
        {
            Assert.Fail($"{OperatorTestList.Name} says that it passes, and it is left out; {OperatorTestList.Update}");
        }
        Assert.False(
            OperatorTestList.IsLeftOut(name) && !OperatorTestList.IsUpdating,
            $"{OperatorTestList.Name} says that it is left out, and it passes; {OperatorTestList.Update}");
    }

    [SkippableFact]
    public void The_list_of_tests_is_written_when_it_is_asked_for()
    {
        Skip.IfNot(OperatorTestList.IsUpdating && Directory.Exists(Root), OperatorTestList.Update);
        OperatorTestList.Write(((IEnumerable<object[]>)Cases).Select(row => Line((string)row[0])));
    }

    private static string Line(string name)
    {
        try
        {
            Verify(name);
        }
        catch (SkipException)
        {
            return OperatorTestList.Line(name, []);
        }
        return OperatorTestList.Line(name, OperatorTest.Operators(Path.Combine(Root, name)));
    }

    private static void Verify(string name)
    {
        if (OperatorTest.Refusal(Path.Combine(Root, name)) is not { } refusal) return;
        Assert.True(OutOfScope.Any(s => refusal.Contains(s, StringComparison.Ordinal)), refusal);
        Skip.If(true, refusal[..Math.Min(refusal.Length, 200)]);
    }
}
