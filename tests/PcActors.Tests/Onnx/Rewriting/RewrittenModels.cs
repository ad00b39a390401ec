using System.Numerics;
using PcActors.Onnx;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>Theorem: a graph that rules have rewritten predicts and learns as the one that the file spells out, to the
/// bit where the sums are the same, and to rounding elsewhere.</summary>
public sealed class RewrittenModels
{
    private const string Mean = "ReduceMean h axes=-1 -> m; Sub h m -> c; Pow c #2 -> q; ReduceMean q axes=-1 -> v;"
        + "Add v #0.00001 -> e; Sqrt e -> s; Div c s -> ";

    /// <summary>An LSTM's cell as one writes it: h has the sums of four gates.</summary>
    internal const string Lstm = "Slice h !0 !2 !1 -> i; Slice h !2 !4 !1 -> f; Slice h !4 !6 !1 -> g;"
        + "Slice h !6 !8 !1 -> o; Sigmoid i -> is; Sigmoid f -> fs; Tanh g -> gt; Sigmoid o -> os;"
        + "Mul fs c[4,2] -> k; Mul is gt -> a; Add k a -> n; Tanh n -> t; Mul os t -> p";

    /// <summary>A GRU's cell as one writes it, with its products.</summary>
    internal const string Gru = "MatMul h w[6,6] -> a; MatMul h v[6,6] -> b; Slice a !0 !4 !1 -> ag;"
        + "Slice b !0 !4 !1 -> bg; Add ag bg -> s; Sigmoid s -> u; Slice u !0 !2 !1 -> z; Slice u !2 !4 !1 -> r;"
        + "Slice b !4 !6 !1 -> bn; Mul r bn -> rb; Slice a !4 !6 !1 -> an; Add an rb -> ns; Tanh ns -> n;"
        + "Sub k[4,2] n -> d; Mul z d -> q; Add n q -> p";

    /// <summary>A GRU's cell with a vertex for each gate, in PyTorch's order.</summary>
    internal const string GatesApart = "MatMul h w[6,6] -> a; MatMul h v[6,6] -> b; Slice a !0 !2 !1 -> ar;"
        + "Slice b !0 !2 !1 -> br; Add ar br -> rs; Sigmoid rs -> r; Slice a !2 !4 !1 -> az; Slice b !2 !4 !1 -> bz;"
        + "Add bz az -> zs; Sigmoid zs -> z; Slice b !4 !6 !1 -> bn; Mul r bn -> rb; Slice a !4 !6 !1 -> an;"
        + "Add an rb -> ns; Tanh ns -> n; ";

    private const string Difference = "Sub k[4,2] n -> d; Mul d z -> q; Add q n -> p";
    private const string Shares = "Sub #1 z -> e; Mul e n -> d; Mul z k[4,2] -> q; Add d q -> p";
    private const string GruCell = "MatMul MatMul GruGates GruCandidate GruState";

    private const string Square = "Pow h #2 -> q; ReduceMean q axes=-1 -> v; Add v #0.00001 -> e; ";

    /// <summary>Shape, lines, and what is found: its rules, and the operators that are left between h and p.</summary>
    public static TheoryData<string, string, string, string> Found => new()
    {
        { "4,6", $"{Mean}n; Mul n g[6] -> t; Add t b[6] -> p", "layer-normalization", "LayerNormalization" },
        { "2,3,6", $"{Mean}n; Mul g[6] n -> t; Add b[6] t -> p", "layer-normalization", "LayerNormalization" },
        { "4,6", $"{Mean}n; Mul n g[6] -> p", "layer-normalization", "LayerNormalization" },
        { "4,6", $"{Mean}p", "layer-normalization", "LayerNormalization" },
        { "4,6", $"{Mean}n; Add n b[6] -> p", "layer-normalization", "LayerNormalization Add" },
        { "4,6", $"{Mean}n; Mul n g[1,6] -> t; Add t b[6] -> p", "layer-normalization", "LayerNormalization Mul Add" },
        { "4,6", "ReduceMean h axes=1 -> m; Sub h m -> c; Sub h m -> d; Mul d d -> q; ReduceMean q axes=1 -> v;"
            + "Add #0.001 v -> e; Sqrt e -> s; Div c s -> n; Mul n g[6] -> t; Add t b[6] -> p", "layer-normalization",
            "LayerNormalization" },
        { "2,3,4", "ReduceMean h axes=2,1 -> m; Sub h m -> c; Pow c #2 -> q; ReduceMean q axes=-1,-2 -> v;"
            + "Add v #0.00001 -> e; Sqrt e -> s; Div c s -> n; Mul n g[3,4] -> t; Add t b[3,4] -> p",
            "layer-normalization", "LayerNormalization" },
        { "4,6", Square + "Sqrt e -> s; Div h s -> n; Mul n g[6] -> p", "rms-normalization", "RMSNormalization" },
        { "2,3,6", Square + "Sqrt e -> s; Reciprocal s -> r; Mul h r -> n; Mul g[6] n -> p", "rms-normalization",
            "RMSNormalization" },
        { "2,3,6", Square + "Sqrt e -> s; Div #1 s -> r; Mul r h -> n; Identity n -> i; Mul g[6] i -> p",
            "rms-normalization", "RMSNormalization" },
        { "2,3,6", "Identity h -> i;" + Square.Replace("Pow h", "Pow i", StringComparison.Ordinal)
            + "Pow e #-0.5 -> r; Mul h r -> p", "rms-normalization", "RMSNormalization" },
        { "2,3,4", "Mul h h -> q; ReduceMean q axes=1,2 -> v; Add #0.5 v -> e; Pow e #0.5 -> s; Div h s -> n;"
            + "Mul n g[3,4] -> p", "rms-normalization", "RMSNormalization" },
        { "4,6", Square + "Sqrt e -> s; Div h s -> n; Mul n g[1,6] -> p", "rms-normalization",
            "RMSNormalization Mul" },
        { "4,6", Square + "Sqrt e -> s; Div h s -> n; Add n n -> p", "rms-normalization", "RMSNormalization Add" },
        { "2,4,3,5", "Reshape h @0,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] epsilon=0.001 -> i;"
            + "Reshape i @2,4,3,5 -> n; Mul n g[4,1,1] -> t; Add t b[4,1,1] -> p", "group-normalization",
            "Reshape Reshape GroupNormalization" },
        { "2,4,3,5", "Reshape h @0,4,-1 -> r; InstanceNormalization r o=1[4] z=0[4] -> i; Reshape i @2,4,3,5 -> n;"
            + "Unsqueeze g[4] !1,2 -> gu; Unsqueeze b[4] !1,2 -> bu; Mul n gu -> t; Add t bu -> p",
            "group-normalization", "GroupNormalization" },
        { "2,8", "Reshape h @0,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] -> i; Reshape i @2,8 -> n;"
            + "Mul n g[8] -> t; Add t b[8] -> p", "group-normalization", "GroupNormalization" },
        { "2,8", "Reshape h @0,4,-1 -> r; InstanceNormalization r o=1[4] z=0[4] -> i; Reshape i @2,8 -> n;"
            + "Mul g[1,8] n -> t; Add b[8] t -> p", "group-normalization", "Reshape GroupNormalization" },
        { "4,6", "Div h #root2 -> d; Erf d -> f; Add f #1 -> a; Mul h a -> m; Mul m #0.5 -> p", "gelu", "Gelu" },
        { "4,6", "Mul h #1/root2 -> d; Erf d -> f; Add #1 f -> a; Mul #0.5 h -> m; Mul m a -> p", "gelu", "Gelu" },
        { "4,6", "Div h #root2 -> d; Erf d -> f; Add f #1 -> a; Div a #2 -> m; Mul m h -> p", "gelu", "Gelu" },
        { "4,6", "Mul h #2 -> k; Div k #root2 -> d; Erf d -> f; Add f #1 -> a; Mul k a -> m; Mul m #0.5 -> p", "gelu",
            "Mul Gelu" },
        { "4,6", "Pow h #3 -> c; Mul c #0.044715 -> d; Add h d -> a; Mul a #root2/pi -> u; Tanh u -> t; Add t #1 -> o;"
            + "Mul h #0.5 -> k; Mul k o -> p", "gelu", "Gelu" },
        { "4,6", "Mul h h -> c; Mul c h -> e; Mul #0.044715 e -> d; Add d h -> a; Mul #root2/pi a -> u; Tanh u -> t;"
            + "Add #1 t -> o; Mul h o -> k; Mul k #0.5 -> p", "gelu", "Gelu" },
        { "4,6", "Mul h h -> c; Mul #0.044715 c -> d; Add d #1 -> a; Mul #root2/pi h -> u; Mul u a -> v; Tanh v -> t;"
            + "Add #1 t -> o; Mul h o -> k; Mul k #0.5 -> p", "gelu", "Gelu" },
        { "4,6", "Sigmoid h -> s; Mul h s -> p", "swish", "Swish" },
        { "4,6", "Mul h #1.702 -> d; Sigmoid d -> s; Mul s h -> p", "swish", "Swish" },
        { "4,6", "Div h #2 -> d; Sigmoid d -> s; Mul h s -> p", "swish", "Swish" },
        { "4,6", "HardSigmoid h alpha=0.16666667 beta=0.5 -> s; Mul h s -> p", "hard-swish", "HardSwish" },
        { "4,6", "Add h #3 -> a; Clip a #0 #6 -> c; Mul h c -> m; Div m #6 -> p", "hard-swish", "HardSwish" },
        { "4,6", "Add h #3 -> a; Clip a #0 #6 -> c; Div c #6 -> d; Mul h d -> p", "hard-swish", "HardSwish" },
        { "4,6", "Add h #3 -> a; Clip a min=0.0 max=6.0 -> c; Mul h c -> m; Div m #6 -> p", "hard-swish",
            "HardSwish" },
        { "4,6", "Softplus h -> s; Tanh s -> t; Mul h t -> p", "mish", "Mish" },
        { "4,6", "Exp h -> e; Add e #1 -> a; Log a -> p", "softplus", "Softplus" },
        { "4,6", "Exp h -> e; Add e #1 -> a; Log a -> s; Tanh s -> t; Mul h t -> p", "mish,softplus", "Mish" },
        { "4,6", "Softmax h axis=0 -> s; Log s -> p", "log-softmax", "LogSoftmax" },
        { "4,6", "LogSoftmax h axis=1 -> l; NegativeLogLikelihoodLoss l @1,0,5,2 -> n; Mul h n -> p",
            "softmax-cross-entropy", "SoftmaxCrossEntropyLoss Mul" },
        { "4,6", "Softmax h axis=1 -> s; Log s -> l; NegativeLogLikelihoodLoss l @1,0,5,2 w=0.5[6] -> n; Mul h n -> p",
            "log-softmax,softmax-cross-entropy", "SoftmaxCrossEntropyLoss Mul" },
        // A chain takes what the other rules leave.
        { "4,6", "Sigmoid h -> s; Mul h s -> a; Exp a -> p", "elementwise-chain,swish", "" },
        { "4,6", "Exp h -> e; Add e #1 -> a; Log a -> s; Tanh s -> t; Mul h t -> m; MatMul m w[6,6] -> n; Neg n -> o;"
            + "Exp o -> q; ReduceSum q axes=0 -> p", "elementwise-chain,mish,softplus",
            "Mish MatMul ElementwiseChain ReduceSum" },
        // h has one reader more, and its errors are summed in another order.
        { "2,3,4", "Transpose h perm=1,0,2 -> s; Transpose s perm=1,0,2 -> t; Add t h -> a;"
            + "ReduceSum s keepdims=0 -> r; Add a r -> p", "transpose", "Transpose Add ReduceSum Add" },
        { "2,3,4,5", "Mul h #0.5 -> q; Mul k[2,3,5,6] #0.25 -> s; MatMul q s -> p", "scaling", "Mul MatMul" },
        { "2,3,4,5", "Div h #8 -> q; Mul k[5,2] #0.25 -> s; MatMul q s -> p", "scaling", "Mul MatMul" },
    };

    /// <summary>The same of what changes no sum.</summary>
    public static TheoryData<string, string, string, string> FoundWithTheSameBits => new()
    {
        { "4,6", "MatMul h w[6,5] -> m; Add b[5] m -> p", "linear", "Gemm" },
        { "4,6", "Transpose w[5,6] perm=1,0 -> t; MatMul h t -> m; Add b[5] m -> p", "linear", "Gemm" },
        { "4,6", "Transpose w[5,6] -> t; MatMul h t -> p", "linear", "Gemm" },
        { "2,3,6", "MatMul h w[6,5] -> m; Add b[5] m -> p", "linear", "Linear" },
        { "2,3,4,6", "Transpose w[5,6] perm=1,0 -> t; MatMul h t -> m; Add m b[5] -> p", "linear", "Linear" },
        { "2,3,6", "Transpose w[5,6] perm=1,0 -> t; MatMul h t -> p", "linear", "Linear" },
        // Who else reads the transpose reads on.
        { "2,6,6", "Transpose w[6,6] perm=1,0 -> t; MatMul h t -> m; Add m b[6] -> l; MatMul l t -> p", "linear",
            "Transpose Linear MatMul" },
        { "4,6", "Identity h -> i; Dropout i -> d; Add d h -> p", "identity", "Add" },
        { "4,6", "Dropout h #0 @true -> d; Add d h -> p", "identity", "Add" },
        { "4,6", "Dropout h ~ ~ -> d; Add d h -> p", "identity", "Add" },
        { "4,6", "Reshape h @4,6 -> i; Transpose i perm=0,1 -> d; Expand d @4,6 -> p", "identity", "" },
        { "2,3,4", "Transpose h perm=1,0,2 -> s; Transpose s perm=1,2,0 -> p", "transpose", "Transpose" },
        { "2,3,4", "Transpose h -> s; Transpose s -> p", "transpose", "" },
        { "2,3,4", "Reshape h @6,4 -> s; Flatten s axis=0 -> p", "reshape", "Reshape" },
        { "2,3,4", "Unsqueeze h !0 -> s; Squeeze s !0 -> p", "reshape", "" },
        { "2,3,4,5", "Add h c=-1[4,5] -> a; Softmax a -> p", "masked-softmax", "MaskedSoftmax" },
        { "2,3,4,5", "Div h #8 -> s; Add c=-1[2,1,1,5] s -> a; Softmax a axis=3 -> p", "masked-softmax",
            "MaskedSoftmax" },
        { "2,3,4,5", "Mul #0.3 h -> s; Add s c=-2[3,1,1] -> a; Softmax a -> p", "masked-softmax", "MaskedSoftmax" },
        // A mask of the data; scores that are read again before their mask; a factor that is none of one number.
        { "4,6", "Floor x -> f; Add h f -> a; Softmax a -> p", "masked-softmax", "Floor MaskedSoftmax" },
        { "4,6", "Mul h #3 -> s; Add s c=-1[6] -> a; Softmax a -> b; Add b s -> p", "masked-softmax",
            "Mul MaskedSoftmax Add" },
        { "4,6", "Mul h k=3[6] -> s; Add s c=-1[6] -> a; Softmax a -> p", "masked-softmax", "Mul MaskedSoftmax" },
        // A quotient of whole numbers is cut off.
        { "4,6", "Mul h #20 -> g; Cast g to=7 -> i; Div i @3 -> d; Cast d to=1 -> e; Add e c=-1[6] -> a;"
            + "Softmax a -> s; Mul s h -> p", "identity,masked-softmax", "Mul Cast Div MaskedSoftmax Mul" },
        // A number filled in where a condition is true, or false.
        { "2,3,4,5", "Greater x #0.4 -> k; Where k #-9 h -> a; Softmax a -> p", "masked-softmax",
            "Greater FilledSoftmax" },
        { "2,3,4,5", "Greater c=1[4,1] #0.4 -> k; Mul h #0.3 -> s; Where k s #-9 -> a; Softmax a -> p",
            "masked-softmax", "FilledSoftmax" },
        { "4,6", "Less x #0.4 -> k; Div h #3 -> s; Where k #-1000000000 s -> a; Softmax a -> p", "masked-softmax",
            "Less FilledSoftmax" },
        { "37,130", "Less x #0.4 -> k; Div h #3 -> s; Where k s #-100 -> a; Softmax a -> p", "masked-softmax",
            "Less FilledSoftmax" },
        // A mask with one number for each row, which is longer than a register.
        { "37,130", "Mul h #0.5 -> s; Add s c=-1[37,1] -> a; Softmax a -> p", "masked-softmax", "MaskedSoftmax" },
        { "4,8", Lstm, "lstm-cell", "LstmGates LstmState LstmOutput" },
        { "4,8", Lstm.Replace("Mul fs c[4,2]", "Mul c[4,2] fs", StringComparison.Ordinal)
            .Replace("Add k a", "Add a k", StringComparison.Ordinal)
            .Replace("Mul is gt", "Mul gt is", StringComparison.Ordinal)
            .Replace("Mul os t", "Mul t os", StringComparison.Ordinal), "lstm-cell", "LstmGates LstmState LstmOutput" },
        { "4,8", Lstm.Replace("Slice h !6 !8 !1", "Slice h !-2 !99 !-1", StringComparison.Ordinal), "lstm-cell",
            "LstmGates LstmState LstmOutput" },
        // The state has readers of its own, and so have the sums.
        { "4,8", Lstm.Replace("-> p", "-> e; Add e n -> l; ReduceSum h axes=1 -> y2; Add l y2 -> p",
            StringComparison.Ordinal), "lstm-cell", "LstmGates LstmState LstmOutput Add ReduceSum Add" },
        { "4,6", Gru, "gru-cell", GruCell },
        { "4,6", Gru.Replace("Mul r bn", "Mul bn r", StringComparison.Ordinal)
            .Replace("Add an rb", "Add rb an", StringComparison.Ordinal)
            .Replace("Mul z d", "Mul d z", StringComparison.Ordinal)
            .Replace("Add n q", "Add q n", StringComparison.Ordinal), "gru-cell", GruCell },
        { "4,6", Gru.Replace("Sub k[4,2] n -> d; Mul z d -> q; Add n q -> p", Shares, StringComparison.Ordinal),
            "gru-cell", GruCell },
        { "4,6", GatesApart + Difference, "gru-cell", GruCell },
        { "4,6", GatesApart + Shares, "gru-cell", GruCell },
        { "4,6", GatesApart + "Sub #1 z -> e; Mul k[4,2] e -> d; Mul n z -> q; Add q d -> p", "gru-cell", GruCell },
        // ONNX's order.
        { "4,6", GatesApart.Replace("!0 !2", "!0 !9", StringComparison.Ordinal).Replace("!2 !4", "!0 !2",
            StringComparison.Ordinal).Replace("!0 !9", "!2 !4", StringComparison.Ordinal) + Shares, "gru-cell",
            GruCell },
        // The root is in the chain, too.
        { "4,6", "Abs h -> a; Exp a -> b; Neg b -> p", "elementwise-chain", "" },
        { "4,6", "Mul h #0.5 -> a; Sub #1 a -> b; Add b c=2[6] -> d; Div d e=3[4,1] -> f; Pow f #2 -> p",
            "elementwise-chain", "" },
        { "2,3,4,5", "Mul h s=2[3,1,1] -> a; LeakyRelu a alpha=0.1 -> b; PRelu b k=0.2[3,1,1] -> c; Clip c #-1 #1 -> p",
            "elementwise-chain", "" },
        { "37,130", "Mul h c=0.5[130] -> a; Sigmoid a -> b; Log b -> p", "elementwise-chain", "" },
        { "4,6", "Exp h -> a; Mul a g[6] -> b; Sigmoid b -> c; Sqrt c -> p", "elementwise-chain", "Exp Mul" },
        { "4,6", "Tanh h -> a; Exp a -> b; Neg b -> c; Add a c -> p", "elementwise-chain",
            "Tanh ElementwiseChain Add" },
        { "4,1", "Mul h c=2[6] -> a; Exp a -> p", "elementwise-chain", "Mul" },
        // What is dear to compute again is the last of its chain.
        { "4,6", "Mul h #2 -> a; Softplus a -> b; Neg b -> p", "elementwise-chain", "ElementwiseChain" },
        { "4,6", "Abs h -> a; Pow a #1.3 -> b; Neg b -> p", "elementwise-chain", "ElementwiseChain" },
        { "2,3,4", "Reshape h @6,4 -> s; Unsqueeze s !0 -> t; Reshape t @2,12 -> p", "reshape", "Reshape" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void Learn_as_before(string shape, string lines, string rules, string operators)
    {
        // The numbers of a file in single precision are rounded; what a rule takes them for is not.
        Compare<float>(RewritingModel.Of(shape, lines), rules, operators, 3e-6);
        Compare<double>(RewritingModel.Of(shape, lines), rules, operators, 1e-6);
        // Attributes are in single precision everywhere.
        Compare<double>(RewritingModel.Of(shape, lines, OnnxElementType.Double), rules, operators,
            lines.Contains("alpha=0.16666667", StringComparison.Ordinal) ? 1e-6 : 1e-13);
    }

    /// <summary>Up to opset 10 the bounds of a Clip are attributes.</summary>
    [Fact]
    public void Learn_as_before_in_an_older_opset() => Compare<float>(
        RewritingModel.Of("4,6", "Add h #3 -> a; Clip a min=0.0 max=6.0 -> c; Mul h c -> m; Div m #6 -> p", opset: 10),
        "hard-swish", "HardSwish", 3e-6);

    [Theory]
    [MemberData(nameof(FoundWithTheSameBits))]
    public void Learn_with_the_same_bits(string shape, string lines, string rules, string operators)
    {
        Compare<float>(RewritingModel.Of(shape, lines), rules, operators, 0);
        Compare<double>(RewritingModel.Of(shape, lines), rules, operators, 0);
    }

    private static void Compare<T>(OnnxModel model, string rules, string operators, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plain = OnnxImport.ToGraph<T>(model, new OnnxImportOptions { Rewrite = [] });
        var rewritten = OnnxImport.ToGraph<T>(model, new OnnxImportOptions { Rewrite = rules.Split(',') });
        Assert.Empty(plain.Rewritten);
        Assert.Equal(rules, string.Join(',', rewritten.Rewritten.Select(v => v.Rule).Distinct().Order()));
        Assert.All(rewritten.Rewritten, v => Assert.Contains(plain.Graph.Vertices, known => known.Name == v.Vertex));
        Assert.Equal(operators, string.Join(' ', rewritten.Graph.Vertices
            .Where(v => v.Name is not ("h" or "y")).Select(v => v.Function?.OperatorType).OfType<string>()));
        Assert.Equal(plain.Parameters.Keys, rewritten.Parameters.Keys);
        Assert.Equal(plain.Candidates, rewritten.Candidates);
        RewrittenComparison.AssertLearnAlike(plain.Graph, rewritten.Graph, tolerance);
    }
}
