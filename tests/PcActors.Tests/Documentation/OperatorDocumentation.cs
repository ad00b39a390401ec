using PcActors.Functions;
using PcActors.Tests.Functions;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Documentation;

public class OperatorDocumentation
{
    [Fact]
    public void The_document_of_operators_is_what_the_code_and_its_lists_say()
    {
        var path = Path.Combine(Repository.Root, OperatorDocument.File);
        var text = OperatorDocument.Text();
        if (OperatorTestList.IsUpdating) File.WriteAllText(path, text);
        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text,
            $"{OperatorDocument.File} is out of date; {OperatorTestList.Update}");
    }

    [Fact]
    public void Every_case_gives_no_more_inputs_than_the_description_has()
    {
        foreach (var example in FunctionCases.All)
        {
            var known = OperatorCatalogue.Find(example.Operator)!;
            Assert.InRange(example.InputShapes.Length, 1, known.MaxInputs);
        }
    }
}
