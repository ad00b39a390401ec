using PcActors.Functions;
using PcActors.Tests.Functions;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Documentation;

public class OperatorDocumentation
{
    [Fact]
    public void The_document_of_operators_is_what_the_code_and_its_lists_say() =>
        Compare(OperatorDocument.File, OperatorDocument.Text());

    [Fact]
    public void The_document_of_the_newest_suite_is_what_its_list_says() =>
        Compare(SuiteDocument.File, SuiteDocument.Text());

    [Fact]
    public void Every_case_gives_no_more_inputs_than_the_description_has()
    {
        foreach (var example in FunctionCases.All)
        {
            var known = OperatorCatalogue.Find(example.Operator)!;
            Assert.InRange(example.InputShapes.Length, 1, known.MaxInputs);
        }
    }

    private static void Compare(string document, string text)
    {
        var path = Path.Combine(Repository.Root, document);
        if (OperatorTestList.IsUpdating) File.WriteAllText(path, text);
        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text,
            $"{document} is out of date; {OperatorTestList.Update}");
    }
}
