using PcActors.Onnx;
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
        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text, $"{OperatorDocument.File} is out of date; {OperatorTestList.Update}");
    }

    [Fact]
    public void Every_note_is_of_an_operator_and_names_all_of_its_inputs()
    {
        foreach (var name in OperatorNote.Operators.Intersect(ImportRules.Supported))
        {
            var names = OperatorNote.Of(name).Inputs.Split(' ');
            var most = FunctionCases.All.Where(c => c.Operator == name).Select(c => c.InputShapes.Length).DefaultIfEmpty(1).Max();
            Assert.True(names.Length == 1 || names.Length >= most, $"{name} has {most} inputs, not {names.Length}");
        }
    }
}
