namespace PcActors.Onnx;

/// <summary>Which inputs of ONNX operators are attributes of the functions here, or settings that do not learn.</summary>
/// <remarks>Inputs that are not listed are ordinary ones. The table serves the import, where an attribute may come either
/// way, and the export.</remarks>
internal static class OperatorSlots
{
    private static readonly Slot Value = new(SlotKind.Value);
    private static readonly Slot Setting = new(SlotKind.Setting);
    private static readonly Slot[] Axes18 = [Value, Integers("axes", 18)];

    private static readonly Dictionary<string, Slot[]> Table = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = [Value, Value, Value, Setting, Setting],
        ["Clip"] = [Value, Setting with { Name = "min" }, Setting with { Name = "max" }],
        ["ConstantOfShape"] = [Integers("shape")],
        ["CumSum"] = [Value, Integer("axis")],
        ["Dropout"] = [Value, Float("ratio", 12), Integer("training_mode", 12)],
        ["Expand"] = [Value, Integers("shape")],
        ["GRU"] = [Value, Value, Value, Value, Integers("sequence_lens"), Value],
        ["LSTM"] = [Value, Value, Value, Value, Integers("sequence_lens"), Value, Value, Value],
        ["OneHot"] = [Value, Integer("depth"), Setting],
        ["Pad"] = [Value, Integers("pads", 11), Setting with { Name = "value" }, Integers("axes", 18)],
        ["Pow"] = [Value, Setting],
        ["Range"] = [Float("start"), Float("limit"), Float("delta")],
        ["ReduceL1"] = Axes18,
        ["ReduceL2"] = Axes18,
        ["ReduceLogSum"] = Axes18,
        ["ReduceLogSumExp"] = Axes18,
        ["ReduceMax"] = Axes18,
        ["ReduceMean"] = Axes18,
        ["ReduceMin"] = Axes18,
        ["ReduceProd"] = Axes18,
        ["ReduceSum"] = [Value, Integers("axes", 13)],
        ["ReduceSumSquare"] = Axes18,
        ["Reshape"] = [Value, Integers("shape")],
        ["Resize"] = [Value, Floats("roi"), Floats("scales"), Integers("sizes")],
        ["RNN"] = [Value, Value, Value, Value, Integers("sequence_lens"), Value],
        ["Slice"] = [Value, Integers("starts", 10), Integers("ends", 10), Integers("axes", 10), Integers("steps", 10)],
        ["Split"] = [Value, Integers("split", 13)],
        ["Squeeze"] = [Value, Integers("axes", 13)],
        ["Tile"] = [Value, Integers("repeats")],
        ["Trilu"] = [Value, Integer("k")],
        ["Unsqueeze"] = [Value, Integers("axes", 13)],
        ["Upsample"] = [Value, Floats("scales")],
    };

    /// <summary>The listed inputs of an operator, by position.</summary>
    public static IReadOnlyList<Slot> Of(string operatorType) => Table.GetValueOrDefault(operatorType) ?? [];

    /// <summary>What an operator's input is, by position.</summary>
    public static Slot Of(string operatorType, int input)
    {
        var slots = Of(operatorType);
        return input < slots.Count ? slots[input] : Value;
    }

    private static Slot Integer(string name, int since = 0) => new(SlotKind.Integer, name, since);

    private static Slot Integers(string name, int since = 0) => new(SlotKind.Integers, name, since);

    private static Slot Float(string name, int since = 0) => new(SlotKind.Float, name, since);

    private static Slot Floats(string name) => new(SlotKind.Floats, name);
}
