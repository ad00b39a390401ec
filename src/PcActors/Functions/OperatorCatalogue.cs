using System.Numerics;

namespace PcActors.Functions;

/// <summary>The operators that a graph can be built from, by their ONNX names.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public static class OperatorCatalogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A new operator is one file and one line here: its name, its constructor, the attributes that it knows.
    private static readonly Dictionary<string, Entry> Entries = new(StringComparer.Ordinal)
    {
        ["Abs"] = new(_ => new Abs<T>()),
        ["Acos"] = Scalar<Acos>(),
        ["Acosh"] = Scalar<Acosh>(),
        ["Add"] = new(_ => new Add<T>()),
        ["And"] = Condition<And>(),
        ["Asin"] = Scalar<Asin>(),
        ["Asinh"] = Scalar<Asinh>(),
        ["Atan"] = Scalar<Atan>(),
        ["Atanh"] = Scalar<Atanh>(),
        ["AveragePool"] = new(a => new AveragePool<T>(a), "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "count_include_pad"),
        ["BatchNormalization"] = new(a => new BatchNormalization<T>(a), "epsilon", "momentum", "training_mode"),
        ["BatchNormalization:running_mean"] = new(a => new RunningStatistic<T>(a, false), "epsilon", "momentum", "training_mode"),
        ["BatchNormalization:running_var"] = new(a => new RunningStatistic<T>(a, true), "epsilon", "momentum", "training_mode"),
        ["Cast"] = new(a => new Cast<T>(a), "to", "element_type", "saturate"),
        ["Ceil"] = Scalar<Ceil>(),
        ["Celu"] = Scalar<Celu>("alpha"),
        ["Clip"] = new(a => new Clip<T>(a), "absent", "min", "max"),
        ["Concat"] = new(a => new Concat<T>(a), "axis"),
        ["Conv"] = new(a => new Conv<T>(a), "kernel_shape", "strides", "dilations", "pads", "auto_pad", "group"),
        ["ConvTranspose"] = new(
            a => new ConvTranspose<T>(a),
            "kernel_shape", "strides", "dilations", "pads", "auto_pad", "group", "output_padding", "output_shape"),
        ["Cos"] = Scalar<Cos>(),
        ["Cosh"] = Scalar<Cosh>(),
        ["CumSum"] = new(a => new CumSum<T>(a), "axis", "exclusive", "reverse"),
        ["DepthToSpace"] = new(a => new DepthToSpace<T>(a), "blocksize", "mode"),
        ["Div"] = new(a => new Div<T>(a), "element_type"),
        ["Dropout"] = new(a => new Dropout<T>(a), "ratio", "training_mode", "seed"),
        ["Dropout:mask"] = new(a => new DropoutMaskFunction<T>(a), "ratio", "training_mode", "seed"),
        ["Einsum"] = new(a => new Einsum<T>(a), "equation"),
        ["Elu"] = Scalar<Elu>("alpha"),
        ["Equal"] = Condition<Equal>(),
        ["Erf"] = Scalar<Erf>(),
        ["Exp"] = new(_ => new Exp<T>()),
        ["Expand"] = new(a => new Expand<T>(a), "shape"),
        ["EyeLike"] = new(a => new EyeLike<T>(a), "k", "dtype"),
        ["Flatten"] = new(a => new Flatten<T>(a), "axis"),
        ["Floor"] = Scalar<Floor>(),
        ["Gather"] = new(a => new Gather<T>(a), "axis"),
        ["GatherElements"] = new(a => new GatherElements<T>(a), "axis"),
        ["GatherND"] = new(a => new GatherND<T>(a), "batch_dims"),
        ["Gelu"] = Scalar<Gelu>("approximate"),
        ["Gemm"] = new(a => new Gemm<T>(a), "alpha", "beta", "transA", "transB"),
        ["GlobalAveragePool"] = new(_ => new GlobalAveragePool<T>()),
        ["GlobalMaxPool"] = new(_ => new GlobalMaxPool<T>()),
        ["Greater"] = Condition<Greater>(),
        ["GreaterOrEqual"] = Condition<GreaterOrEqual>(),
        ["GroupNormalization"] = new(a => new GroupNormalization<T>(a), "epsilon", "num_groups"),
        ["HardSigmoid"] = Scalar<HardSigmoid>("alpha", "beta"),
        ["HardSwish"] = Scalar<HardSwish>(),
        ["Identity"] = new(_ => new Identity<T>()),
        ["InstanceNormalization"] = new(a => new InstanceNormalization<T>(a), "epsilon"),
        ["LRN"] = new(a => new LRN<T>(a), "size", "alpha", "beta", "bias"),
        ["LayerNormalization"] = new(a => new LayerNormalization<T>(a), "axis", "epsilon"),
        ["LayerNormalization:InvStdDev"] = new(a => new LayerStatistic<T>(a, true), "axis", "epsilon"),
        ["LayerNormalization:Mean"] = new(a => new LayerStatistic<T>(a, false), "axis", "epsilon"),
        ["LeakyRelu"] = Scalar<LeakyRelu>("alpha"),
        ["Less"] = Condition<Less>(),
        ["LessOrEqual"] = Condition<LessOrEqual>(),
        ["Log"] = new(_ => new Log<T>()),
        ["LogSoftmax"] = new(a => new LogSoftmax<T>(a), "axis"),
        ["LpNormalization"] = new(a => new LpNormalization<T>(a), "axis", "p"),
        ["MatMul"] = new(_ => new MatMul<T>()),
        ["Max"] = new(_ => new Max<T>()),
        ["MaxPool"] = new(a => new MaxPool<T>(a), "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "storage_order"),
        ["MaxPool:Indices"] = new(a => new MaxPoolIndices<T>(a), "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides", "storage_order"),
        ["Mean"] = new(_ => new Mean<T>()),
        ["MeanVarianceNormalization"] = new(a => new MeanVarianceNormalization<T>(a), "axes"),
        ["Min"] = new(_ => new Min<T>()),
        ["Mish"] = Scalar<Mish>(),
        ["Mul"] = new(_ => new Mul<T>()),
        ["Neg"] = new(_ => new Neg<T>()),
        ["NegativeLogLikelihoodLoss"] = new(a => new NegativeLogLikelihoodLoss<T>(a), "reduction", "ignore_index"),
        ["Not"] = Scalar<Not>(),
        ["OneHot"] = new(a => new OneHot<T>(a), "depth", "axis"),
        ["Or"] = Condition<Or>(),
        ["PRelu"] = new(_ => new PRelu<T>()),
        ["Pad"] = new(a => new Pad<T>(a), "pads", "axes", "mode", "value"),
        ["Pow"] = new(a => new Pow<T>(a), "element_type"),
        ["Reciprocal"] = new(_ => new Reciprocal<T>()),
        ["ReduceL1"] = Reduction<ReduceL1>(),
        ["ReduceL2"] = Reduction<ReduceL2>(),
        ["ReduceLogSum"] = Reduction<ReduceLogSum>(),
        ["ReduceLogSumExp"] = new(a => new ReduceLogSumExp<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceMax"] = new(a => new ReduceMax<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceMean"] = new(a => new ReduceMean<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceMin"] = new(a => new ReduceMin<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceProd"] = new(a => new ReduceProd<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceSum"] = new(a => new ReduceSum<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceSumSquare"] = Reduction<ReduceSumSquare>(),
        ["Relu"] = new(_ => new Relu<T>()),
        ["Reshape"] = new(a => new Reshape<T>(a), "shape", "allowzero"),
        ["Resize"] = new(
            a => new Resize<T>(a), "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
            "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode", "roi", "scales", "sizes"),
        ["Round"] = Scalar<Round>(),
        ["ScatterElements"] = new(a => new ScatterElements<T>(a), "axis", "reduction"),
        ["ScatterND"] = new(a => new ScatterND<T>(a), "reduction"),
        ["Selu"] = Scalar<Selu>("alpha", "gamma"),
        ["Sigmoid"] = new(_ => new Sigmoid<T>()),
        ["Sign"] = Scalar<Sign>(),
        ["Sin"] = Scalar<Sin>(),
        ["Sinh"] = Scalar<Sinh>(),
        ["Slice"] = new(a => new Slice<T>(a), "starts", "ends", "axes", "steps"),
        ["Softmax"] = new(a => new Softmax<T>(a), "axis"),
        ["SoftmaxCrossEntropyLoss"] = new(a => new SoftmaxCrossEntropyLoss<T>(a), "reduction", "ignore_index"),
        ["Softplus"] = Scalar<Softplus>(),
        ["Softsign"] = Scalar<Softsign>(),
        ["SpaceToDepth"] = new(a => new SpaceToDepth<T>(a), "blocksize"),
        ["Sqrt"] = new(_ => new Sqrt<T>()),
        ["Squeeze"] = new(a => new Squeeze<T>(a), "axes"),
        ["Sub"] = new(_ => new Sub<T>()),
        ["Sum"] = new(_ => new Sum<T>()),
        ["Tan"] = Scalar<Tan>(),
        ["Tanh"] = new(_ => new Tanh<T>()),
        ["ThresholdedRelu"] = Scalar<ThresholdedRelu>("alpha"),
        ["Tile"] = new(a => new Tile<T>(a), "repeats"),
        ["Transpose"] = new(a => new Transpose<T>(a), "perm"),
        ["Trilu"] = new(a => new Trilu<T>(a), "k", "upper"),
        ["Unsqueeze"] = new(a => new Unsqueeze<T>(a), "axes"),
        ["Where"] = new(_ => new Where<T>()),
        ["Xor"] = Condition<Xor>(),
    };

    /// <summary>The names of all operators, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The attributes that an operator knows; null when there is no such operator.</summary>
    public static IReadOnlyList<string>? AttributesOf(string operatorType) =>
        Entries.TryGetValue(operatorType, out var entry) ? entry.Attributes : null;

    /// <summary>The function of an operator with its attributes.</summary>
    /// <exception cref="NotSupportedException">There is no such operator; the message lists those that there are.</exception>
    /// <exception cref="AttributeException">An attribute is missing or wrong.</exception>
    public static ElementaryFunction<T> Create(string operatorType, Attributes attributes)
    {
        if (!Entries.TryGetValue(operatorType, out var entry))
        {
            throw new NotSupportedException(
                $"the operator '{operatorType}' is not supported; supported are {string.Join(", ", Names)}");
        }
        // An attribute that nobody reads would be a silent change of meaning.
        foreach (var name in attributes.Names)
        {
            if (!entry.Attributes.Contains(name, StringComparer.Ordinal))
                throw new AttributeException($"{operatorType}: it has no attribute '{name}'; {Known(entry.Attributes)}");
        }
        try
        {
            return entry.Construct(attributes);
        }
        catch (AttributeException wrong)
        {
            throw new AttributeException($"{operatorType}: {wrong.Message}");
        }
    }

    private static Entry Scalar<TMap>(params string[] attributes)
        where TMap : struct, IScalarMap<TMap> => new(a => new ScalarFunction<T, TMap>(a), attributes);

    private static Entry Condition<TPredicate>()
        where TPredicate : struct, IPredicate => new(_ => new Condition<T, TPredicate>());

    private static Entry Reduction<TMap>()
        where TMap : struct, IReductionMap =>
        new(a => new MappedReduction<T, TMap>(a), "axes", "keepdims", "noop_with_empty_axes");

    private static string Known(string[] names) =>
        names.Length == 0 ? "it has none" : $"it knows {string.Join(", ", names)}";

    private sealed record Entry(Func<Attributes, ElementaryFunction<T>> Construct, params string[] Attributes);
}
