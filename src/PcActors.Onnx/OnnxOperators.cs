using PcActors.Functions;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Onnx;

/// <summary>ONNX's operators as model files have them: those of the catalogue, and those of which the
/// import makes others.</summary>
internal static class OnnxOperators
{
    private const string Known = "must be known when the model is read";
    private const string Unrolled = "unrolled into a vertex for each product and state of each step";
    private const string UnrolledGates =
        "unrolled into vertices for the products, the gates and the state of each step";

    private static readonly Dictionary<string, Operator> Others = ((Operator[])
    [
        .. ComposedOperators.All,
        .. SequenceOperators.All,
        new("CastLike") { Inputs = ["input", new("target_type", InputKind.Type)], Since = 15 },
        new("Constant") { Inputs = [], Remark = "numbers, not texts" },
        new("ConstantOfShape") { Inputs = [Of(Integers("shape"))], Since = 9, Remark = Known },
        new("GRU") { Inputs = ["X", "W", "R", "B?", Of(Integers("sequence_lens")), "initial_h?"], Since = 7,
            Remark = UnrolledGates },
        new("If")
        {
            Inputs = [new("cond", InputKind.Attribute)],
            Remark = "its condition must be known when the model is read",
        },
        new("Loop") { Inputs = [new("M", InputKind.Attribute), new("cond", InputKind.Attribute), "v_initial..."],
            Remark = "unrolled; its number of trips must be known when the model is read" },
        new("LSTM")
        {
            Inputs = ["X", "W", "R", "B?", Of(Integers("sequence_lens")), "initial_h?", "initial_c?", "P?"], Since = 7,
            Remark = UnrolledGates,
        },
        new("NonZero") { Output = OutputKind.Indices, Since = 9, Remark = Known },
        new("RNN") { Inputs = ["X", "W", "R", "B?", Of(Integers("sequence_lens")), "initial_h?"], Since = 7,
            Remark = Unrolled },
        new("Range") { Inputs = [Of(Float("start", 0)), Of(Float("limit", 0)), Of(Float("delta", 1))], Since = 11,
            Remark = Known },
        new("Scan") { Inputs = ["X..."], Since = 9, Remark = "unrolled, a trip for each element of its axis" },
        new("Scatter") { Inputs = ["data", Indices("indices"), "updates"], Since = 9, Until = 10,
            Remark = "nothing is pulled back to indices" },
        new("Shape") { Output = OutputKind.Indices, Remark = "known when the model is read" },
        new("Size") { Output = OutputKind.Indices, Remark = "known when the model is read" },
        new("Split") { Inputs = ["input", Of(Integers("split"), since: 13)], Remark = "a Slice for each output" },
        new("Upsample") { Inputs = ["X", Of(Floats("scales"))], Since = 7, Until = 9, Remark = "nearest, linear" },
    ]).ToDictionary(known => known.Name, StringComparer.Ordinal);

    /// <summary>The names of those of which the import makes others.</summary>
    public static IEnumerable<string> Rewritten => Others.Keys;

    /// <summary>The operator of a name, or null when there is no such one.</summary>
    public static Operator? Find(string operatorType) =>
        Others.GetValueOrDefault(operatorType) ?? OperatorCatalogue.Output(operatorType, 0);

    /// <summary>What an input is, by its position.</summary>
    public static OperatorInput Input(string operatorType, int position) => Find(operatorType)?.Input(position) ?? "X";

    /// <summary>The type of an operator's output.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">The types of the function's inputs.</param>
    public static OnnxElementType TypeOf(string operatorType, ReadOnlySpan<OnnxElementType> inputs) =>
        Find(operatorType)?.Output switch
        {
            OutputKind.Condition => OnnxElementType.Bool,
            OutputKind.Indices => OnnxElementType.Int64,
            OutputKind.AsLast => inputs[^1],
            _ => inputs[0],
        };
}
