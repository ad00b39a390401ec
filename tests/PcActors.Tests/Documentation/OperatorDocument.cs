using System.Text;
using PcActors.Functions;
using PcActors.Onnx;
using PcActors.Tests.Functions;
using PcActors.Tests.Onnx;

namespace PcActors.Tests.Documentation;

/// <summary>The document of operators, as it follows from the catalogue, the import, the functions' cases and two lists.</summary>
internal static class OperatorDocument
{
    public const string File = "docs/operators.md";

    private const string Newest = "21";
    private const string Oldest = "6";

    // What these are is known when a model is read, or they end in other functions.
    private static readonly Dictionary<string, string> PulledBack = new(StringComparer.Ordinal)
    {
        ["CastLike"] = "input",
        ["GRU"] = "X, W, R, B, initial_h",
        ["LSTM"] = "X, W, R, B, initial_h, initial_c, P",
        ["RNN"] = "X, W, R, B, initial_h",
        ["Scatter"] = "data, updates",
        ["Split"] = "input",
        ["Upsample"] = "X",
    };

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
        foreach (var name in ImportRules.Supported.Order(StringComparer.OrdinalIgnoreCase))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {name} | {Opsets(name)} | {Inputs(name)} | {Remarks(name)} | {Tests(name)} |\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Opsets(string name)
    {
        var given = OperatorNote.Of(name).Opsets.Split('-');
        return $"{(given[0].Length == 0 ? Oldest : given[0])}-{(given.Length == 1 ? Newest : given[1])}";
    }

    private static string Inputs(string name)
    {
        if (PulledBack.TryGetValue(name, out var listed)) return listed;
        var functions = FunctionCases.All.Where(c => c.Operator == name).ToList();
        if (functions.Count == 0) return "";
        var names = OperatorNote.Of(name).Inputs.Split(' ');
        if (names is [var one] && one.Length > 0) return one;
        var inputs = new List<string>();
        for (var input = 0; input < functions.Max(c => c.InputShapes.Length); input++)
        {
            if (!functions.Any(c => input < c.InputShapes.Length && c.Function<double>().IsDifferentiable(input))) continue;
            inputs.Add(names is [""] ? "X" : names[input]);
        }
        return string.Join(", ", inputs);
    }

    private static string Remarks(string name)
    {
        var further = OperatorCatalogue<double>.Names.Where(n => n.StartsWith($"{name}:", StringComparison.Ordinal)).Select(n => n[(name.Length + 1)..]).ToList();
        string[] remarks = [OperatorNote.Of(name).Remark, further.Count == 0 ? "" : $"further outputs: {string.Join(", ", further)}"];
        return string.Join("; ", remarks.Where(r => r.Length > 0));
    }

    private static string Tests(string name)
    {
        var tests = OperatorTestList.Passed.Where(test => test.Value.Contains(name)).Select(test => test.Key).Order(StringComparer.Ordinal).ToList();
        if (tests.Count == 0) return "0";
        var names = tests.GroupBy(test => test.Split('/')[0])
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(test => test.Split('/')[1]["test_".Length..]))}");
        return $"<details><summary>{tests.Count}</summary>{string.Join("; ", names)}</details>";
    }
}
