using PcActors.Functions;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Onnx;

/// <summary>Operators of sequences and of what may be absent. None of them is left when a model has been
/// read.</summary>
internal static class SequenceOperators
{
    private const string Resolved = "resolved when the model is read";

    public static Operator[] All =>
    [
        new("ConcatFromSequence") { Inputs = ["input_sequence"], Since = 11, Remark = Resolved },
        new("Optional") { Inputs = ["input?"], Since = 15, Remark = Resolved },
        new("OptionalGetElement") { Inputs = ["input"], Since = 15, Remark = Resolved },
        new("OptionalHasElement")
        {
            Inputs = ["input?"], Since = 15, Output = OutputKind.Condition, Remark = Resolved,
        },
        new("SequenceAt") { Inputs = ["input_sequence", Of(Integer("position"))], Since = 11, Remark = Resolved },
        new("SequenceConstruct") { Inputs = ["inputs..."], Since = 11, Remark = Resolved },
        new("SequenceEmpty") { Inputs = [], Since = 11, Remark = Resolved },
        new("SequenceErase") { Inputs = ["input_sequence", Of(Integer("position"))], Since = 11, Remark = Resolved },
        new("SequenceInsert")
        {
            Inputs = ["input_sequence", "tensor", Of(Integer("position"))], Since = 11, Remark = Resolved,
        },
        new("SequenceLength")
        {
            Inputs = ["input_sequence"], Since = 11, Output = OutputKind.Indices, Remark = Resolved,
        },
        new("SequenceMap")
        {
            Inputs = ["input_sequence", "additional_inputs..."], Since = 17,
            Remark = "unrolled, a copy for each element",
        },
        new("SplitToSequence") { Inputs = ["input", Of(Integers("split"))], Since = 11, Remark = Resolved },
    ];
}
