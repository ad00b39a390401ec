using System.Text;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Onnx.Import;
using PcActors.Tests.Functions;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Documentation;

/// <summary>The document of operators, as it follows from the operators' descriptions, the functions'
/// cases and ONNX's tests.</summary>
internal static class OperatorDocument
{
    public const string File = "docs/operators.md";

    public static string Text()
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            # Operators

            The operators that a graph can be built from and that a model file can hold. Names, attributes and semantics are
            [ONNX's](https://onnx.ai/onnx/operators/). Each pull-back is checked against a finite difference of its prediction in
            float64; both directions are checked in float32 too, and allocate nothing.

            Inputs that ONNX wants constant (Reshape's shape, Slice's starts) are attributes of the functions here. An input that is
            neither that nor listed as having a pull-back is indices, truth values or whole numbers.

            The last column counts ONNX's own operator tests that hold the operator and pass: predictions within 1e-3 relative and
            1e-7 absolute. In all, {OperatorTestList.Passed.Count} of them pass. A test writes this table:
            `PCACTORS_UPDATE_DOCS=1 dotnet test tests/PcActors.Tests`.

            | operator | opsets | inputs with a pull-back | remarks | ONNX tests |
            |---|---|---|---|---|

            """);
        foreach (var known in ImportRules.Supported.Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => OnnxOperators.Find(name)!))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {known.Name} | {Opsets(known)} | {Inputs(known)} ");
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {Remarks(known)} | {Tests(known.Name)} |\n");
        }
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Opsets(Operator known) => $"{known.Since}-{known.Until}";

    private static string Inputs(Operator known)
    {
        var inputs = known.Inputs.Where(input => input.Attribute is null).ToList();
        var cases = FunctionCases.All.Where(c => c.Operator == known.Name).ToList();
        var named = inputs is [{ IsRepeated: true } each]
            ? [$"{each.Name}..."]
            : inputs.Index().Where(input => IsPulledBack(known, cases, input.Index, input.Item.Kind))
                .Select(input => input.Item.Name);
        return string.Join(", ", named);
    }

    // Of what the import makes other functions of, no case says it.
    private static bool IsPulledBack(Operator known, List<FunctionCase> cases, int input, InputKind kind) =>
        cases.Count == 0
        ? kind == InputKind.Value && known.Output == OutputKind.AsFirst
        : cases.Any(c => input < c.InputShapes.Length && c.Function<double>().IsDifferentiable(input));

    private static string Remarks(Operator known)
    {
        var further = OperatorCatalogue.Further(known.Name).Select(output => output.Name[(known.Name.Length + 1)..])
            .ToList();
        string[] remarks = [known.Remark, further.Count == 0 ? "" : $"further outputs: {string.Join(", ", further)}"];
        return string.Join("; ", remarks.Where(r => r.Length > 0));
    }

    private static string Tests(string name)
    {
        var tests = OperatorTestList.Passed.Where(test => test.Value.Contains(name)).Select(test => test.Key)
            .Order(StringComparer.Ordinal).ToList();
        if (tests.Count == 0) return "0";
        var names = tests.GroupBy(test => test.Split('/')[0])
            .Select(
                group =>
                    $"{group.Key}: {string.Join(", ", group.Select(test => test.Split('/')[1]["test_".Length..]))}");
        return $"<details><summary>{tests.Count}</summary>{string.Join("; ", names)}</details>";
    }
}
