namespace PcActors.Tests.Documentation;

/// <summary>What the document of operators says beyond what the code does.</summary>
/// <param name="Opsets">The opsets in which models can have the operator, as "from to"; either may be left out.</param>
/// <param name="Inputs">The names of its inputs, in ONNX's order; those that are attributes here are left out.</param>
/// <param name="Remark">What else one should know.</param>
internal sealed record OperatorNote(string Opsets = "", string Inputs = "", string Remark = "")
{
    private const string Condition = "truth values; nothing is pulled back";
    private const string Known = "must be known when the model is read";
    private const string Indexing = "nothing is pulled back to indices";
    private const string Unrolled = "unrolled into a vertex for each product, gate and state of each step";
    private const string Window = "1 to 3 axes";

    private static readonly Dictionary<string, OperatorNote> Table = new(StringComparer.Ordinal)
    {
        ["Acos"] = new("7"),
        ["Acosh"] = new("9"),
        ["Add"] = new(Inputs: "A B"),
        ["And"] = new(Inputs: "A B", Remark: Condition),
        ["Asin"] = new("7"),
        ["Asinh"] = new("9"),
        ["Atan"] = new("7"),
        ["Atanh"] = new("9"),
        ["AveragePool"] = new(Remark: Window),
        ["BatchNormalization"] = new("", "X scale B mean var", "in training by the statistics of a micro-batch; nothing to mean and var then"),
        ["Cast"] = new(Remark: "the error as it is where the result is of floats"),
        ["CastLike"] = new("15", "input target_type"),
        ["Celu"] = new("12"),
        ["Clip"] = new("", "input min max"),
        ["Concat"] = new(Inputs: "inputs"),
        ["Constant"] = new(Remark: "numbers, not texts"),
        ["ConstantOfShape"] = new("9", Remark: Known),
        ["Conv"] = new(Inputs: "X W B"),
        ["ConvTranspose"] = new(Inputs: "X W B"),
        ["Cos"] = new("7"),
        ["Cosh"] = new("9"),
        ["CumSum"] = new("11"),
        ["Div"] = new(Inputs: "A B"),
        ["Dropout"] = new(Remark: "the mask is that of ONNX's reference: NumPy's generator, seeded by the attribute (0)"),
        ["Einsum"] = new("12", "inputs", "any equation"),
        ["Equal"] = new(Inputs: "A B", Remark: Condition),
        ["Erf"] = new("9"),
        ["Expand"] = new("8"),
        ["EyeLike"] = new("9", Remark: "nothing is pulled back"),
        ["Gather"] = new("", "data indices", Indexing),
        ["GatherElements"] = new("11", "data indices", Indexing),
        ["GatherND"] = new("11", "data indices", Indexing),
        ["Gelu"] = new("20"),
        ["Gemm"] = new("", "A B C", "factored error for A' B'"),
        ["Greater"] = new(Inputs: "A B", Remark: Condition),
        ["GreaterOrEqual"] = new("12", "A B", Condition),
        ["GroupNormalization"] = new("18", "X scale bias"),
        ["GRU"] = new("7", "X W R B initial_h", Unrolled),
        ["HardSwish"] = new("14"),
        ["InstanceNormalization"] = new(Inputs: "input scale B"),
        ["LayerNormalization"] = new("17", "X Scale B"),
        ["Less"] = new(Inputs: "A B", Remark: Condition),
        ["LessOrEqual"] = new("12", "A B", Condition),
        ["LSTM"] = new("7", "X W R B initial_h initial_c P", Unrolled),
        ["MatMul"] = new("", "A B", "factored error where B is one matrix"),
        ["Max"] = new(Inputs: "data_0...", Remark: "equal shares to values that tie"),
        ["MaxPool"] = new(Remark: $"{Window}; the error to the first largest element"),
        ["Mean"] = new(Inputs: "data_0..."),
        ["MeanVarianceNormalization"] = new("9"),
        ["Min"] = new(Inputs: "data_0...", Remark: "equal shares to values that tie"),
        ["Mish"] = new("18"),
        ["Mul"] = new(Inputs: "A B"),
        ["NegativeLogLikelihoodLoss"] = new("12", "input target weight"),
        ["NonZero"] = new("9", Remark: Known),
        ["Not"] = new(Remark: Condition),
        ["OneHot"] = new("9", "indices values", Indexing),
        ["Or"] = new(Inputs: "A B", Remark: Condition),
        ["Pad"] = new("", "data constant_value"),
        ["Pow"] = new("", "X Y"),
        ["PRelu"] = new("", "X slope"),
        ["Range"] = new("11", Remark: Known),
        ["Resize"] = new("10", Remark: "nearest, linear, cubic; antialias must be 0"),
        ["RNN"] = new("7", "X W R B initial_h", Unrolled),
        ["Round"] = new("11"),
        ["Scatter"] = new("9-10", "data indices updates", Indexing),
        ["ScatterElements"] = new("11", "data indices updates", Indexing),
        ["ScatterND"] = new("11", "data indices updates", Indexing),
        ["Shape"] = new(Remark: "known when the model is read"),
        ["Sign"] = new("9"),
        ["Sin"] = new("7"),
        ["Sinh"] = new("9"),
        ["Size"] = new(Remark: "known when the model is read"),
        ["SoftmaxCrossEntropyLoss"] = new("12", "scores labels weights", "log_prob is a LogSoftmax"),
        ["Split"] = new(Remark: "a Slice for each output"),
        ["Sub"] = new(Inputs: "A B"),
        ["Sum"] = new(Inputs: "data_0..."),
        ["Tan"] = new("7"),
        ["ThresholdedRelu"] = new("10"),
        ["Trilu"] = new("14"),
        ["Upsample"] = new("7-9", Remark: "nearest, linear"),
        ["Where"] = new("9", "condition X Y"),
        ["Xor"] = new(Inputs: "A B", Remark: Condition),
    };

    /// <summary>The note of an operator.</summary>
    public static OperatorNote Of(string operatorType) => Table.GetValueOrDefault(operatorType) ?? new OperatorNote();

    /// <summary>The operators that have one.</summary>
    public static IEnumerable<string> Operators => Table.Keys;
}
