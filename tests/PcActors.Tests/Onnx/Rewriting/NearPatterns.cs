using PcActors.Onnx;
using PcActors.Onnx.Rewriting;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>Mutation: what is nearly a rule's pattern, and something else, is left as it is.</summary>
public sealed class NearPatterns
{
    private const string Rest = "Pow c #2 -> q; ReduceMean q axes=-1 -> v; Add v #0.00001 -> e; Sqrt e -> s;"
        + "Div c s -> n; Mul n g[6] -> t; Add t b[6] -> p";

    private const string Exact = "Div h #root2 -> d; Erf d -> f; Add f #1 -> a; Mul h a -> m; Mul m #0.5 -> ";

    private const string Rms = "Pow h #2 -> q; ReduceMean q axes=-1 -> v; Add v #0.00001 -> e; Sqrt e -> s;"
        + "Div h s -> n; Mul n g[6] -> p";

    private static string NearLstm(string what, string other) =>
        RewrittenModels.Lstm.Replace(what, other, StringComparison.Ordinal);

    private static string NearGru(params string[] others) => others.Chunk(2).Aggregate(RewrittenModels.Gru,
        (lines, other) => lines.Replace(other[0], other[1], StringComparison.Ordinal));

    private static string NearApart(string what, string other) =>
        (RewrittenModels.GatesApart + "Sub #1 z -> e; Mul e n -> d; Mul z k[4,2] -> q; Add d q -> p")
            .Replace(what, other, StringComparison.Ordinal);

    /// <summary>The rule, the shape of h, the lines.</summary>
    public static TheoryData<string, string, string> All => new()
    {
        // Other axes.
        { "layer-normalization", "6,6", $"ReduceMean h axes=0 -> m; Sub h m -> c; {Rest}" },
        { "layer-normalization", "2,6,6", $"ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("axes=-1", "axes=-2", StringComparison.Ordinal) },
        { "layer-normalization", "2,3,6", $"ReduceMean h axes=0,2 -> m; Sub h m -> c; "
            + Rest.Replace("axes=-1", "axes=0,2", StringComparison.Ordinal) },
        { "layer-normalization", "6,6", $"ReduceMean h axes=-1 keepdims=0 -> m; Sub h m -> c; {Rest}" },
        // A second reader of an inner value.
        { "layer-normalization", "4,6", $"ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("b[6] -> p", "s -> p", StringComparison.Ordinal) },
        // The mean of something else, another exponent, a maximum instead of a mean, an epsilon that learns, is
        // negative, or is no number.
        { "layer-normalization", "4,6", $"ReduceMean x axes=-1 -> m; Sub h m -> c; {Rest}" },
        { "layer-normalization", "4,6", "ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("Pow c #2", "Pow c #4", StringComparison.Ordinal) },
        { "layer-normalization", "4,6", "ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("Pow c #2", "Pow h #2", StringComparison.Ordinal) },
        { "layer-normalization", "4,6", "ReduceMax h axes=-1 -> m; Sub h m -> c; " + Rest },
        { "layer-normalization", "4,6", "ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("#0.00001", "eps[1]", StringComparison.Ordinal) },
        { "layer-normalization", "4,6", "ReduceMean h axes=-1 -> m; Sub h m -> c; "
            + Rest.Replace("#0.00001", "eps=1[6]", StringComparison.Ordinal) },
        { "rms-normalization", "6,6", Rms.Replace("axes=-1", "axes=0", StringComparison.Ordinal) },
        { "rms-normalization", "6,6", Rms.Replace("axes=-1", "axes=-1 keepdims=0", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("h #2", "h #3", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("Pow h", "Pow x", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("ReduceMean", "ReduceSum", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("#0.00001", "eps[1]", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("#0.00001", "#-1", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("Div h s", "Div s h", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("Div h s", "Mul h s", StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("g[6]", "s", StringComparison.Ordinal) },
        // A quotient that has an axis more than the root.
        { "rms-normalization", "4,6", Rms.Replace("Div h s", "Div c=1[1,1,1] s -> r; Mul h r",
            StringComparison.Ordinal) },
        { "rms-normalization", "4,6", Rms.Replace("Mul n g[6] -> p", "Mul n v -> p", StringComparison.Ordinal) },
        // An output gate that nothing reads, or that is another function; gates that are of two sums, or overlap; a
        // part that is read again; other activations; another axis.
        { "lstm-cell", "4,8", NearLstm("Mul os t -> p", "Identity t -> p") },
        { "lstm-cell", "4,8", NearLstm("Sigmoid o", "HardSigmoid o") },
        { "lstm-cell", "4,8", NearLstm("Tanh n -> t", "Relu n -> t") },
        { "lstm-cell", "4,8", NearLstm("Mul os t -> p", "Mul os n -> e; Add e t -> p") },
        { "lstm-cell", "4,8", NearLstm("Mul os t -> p", "Mul os t -> e; Add e os -> p") },
        { "lstm-cell", "4,8", NearLstm("Slice h !2 !4", "Slice x !2 !4") },
        { "lstm-cell", "4,8", NearLstm("Slice h !2 !4", "Slice h !0 !2") },
        { "lstm-cell", "4,8", NearLstm("Slice h !2 !4", "Slice h !3 !5") },
        { "lstm-cell", "4,8", NearLstm("Mul os t -> p", "Mul os t -> e; Add e is -> p") },
        { "lstm-cell", "4,8", NearLstm("Sigmoid f", "Tanh f") },
        { "lstm-cell", "4,8", NearLstm("Tanh g", "Sigmoid g") },
        { "lstm-cell", "4,8", NearLstm("c[4,2]", "c[2]") },
        { "lstm-cell", "8,8", NearLstm("!1 ->", "!0 ->").Replace("c[4,2]", "c[2,8]", StringComparison.Ordinal) },
        { "gru-cell", "4,6", NearGru(
            "Add ag bg", "Sub ag bg", "Sub k[4,2] n", "Sub n k[4,2]", "Mul r bn", "Add r bn") },
        { "gru-cell", "4,6", NearGru(
            "Slice b !0 !4", "Slice b !2 !6", "Slice u !0 !2", "Slice u !1 !3", "Slice u !2 !4", "Slice u !1 !3") },
        // Gates of the same third, or of two products more; a reset gate that is read again; another number than 1; the
        // rest of another gate.
        { "gru-cell", "4,6", NearApart(
            "Slice a !2 !4 !1 -> az; Slice b !2 !4", "Slice a !0 !2 !1 -> az; Slice b !0 !2") },
        { "gru-cell", "4,6", NearApart("Slice a !2 !4", "Slice h !2 !4") },
        { "gru-cell", "4,6", NearApart("-> p", "-> l; Add l r -> p") },
        { "gru-cell", "4,6", NearApart("-> p", "-> l; Add l rs -> p") },
        { "gru-cell", "4,6", NearApart("-> p", "-> l; Add l rb -> p") },
        { "gru-cell", "4,6", NearApart("Sub #1", "Sub #2") },
        { "gru-cell", "4,6", NearApart("Sub #1 z", "Sub #1 r") },
        { "gru-cell", "4,6", NearApart("Sub #1 z", "Sub z #1") },
        { "gru-cell", "4,6", NearApart("Tanh ns", "Softsign ns") },
        { "gru-cell", "4,6", NearApart("Sigmoid zs", "HardSigmoid zs") },
        { "group-normalization", "2,4,3,5", "Reshape h @0,2,-1 -> r; InstanceNormalization r o=2[2] z=0[2] -> i;"
            + "Reshape i @2,4,3,5 -> n; Mul n g[4,1,1] -> t; Add t b[4,1,1] -> p" },
        { "group-normalization", "2,4,3,5", "Reshape h @0,2,-1 -> r; InstanceNormalization r o[2] z=0[2] -> i;"
            + "Reshape i @2,4,3,5 -> n; Mul n g[4,1,1] -> t; Add t b[4,1,1] -> p" },
        { "group-normalization", "2,4,3,5", "Reshape h @4,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] -> i;"
            + "Reshape i @2,4,3,5 -> n; Mul n g[4,1,1] -> t; Add t b[4,1,1] -> p" },
        { "group-normalization", "2,4,3,4", "Reshape h @0,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] -> i;"
            + "Reshape i @2,4,3,4 -> n; Mul n g[4] -> t; Add t b[4] -> p" },
        { "group-normalization", "2,4,3,5", "Reshape h @0,2,-1 -> r; InstanceNormalization r o=1[2] z=0[2] -> i;"
            + "Reshape i @2,4,3,5 -> n; Mul n g[4,1,1] -> t; Add t n -> p" },
        // Another scale, another slope, another input of a factor, a second reader, a parameter.
        { "gelu", "4,6", Exact.Replace("#0.5", "#0.6", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", Exact.Replace("#root2", "#1.414", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", Exact.Replace("#1 ", "#2 ", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", Exact.Replace("Mul h a", "Mul x a", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", Exact.Replace("Mul m #0.5", "Mul m half[1]", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", Exact + "g; Add g f -> p" },
        { "gelu", "4,6", Exact.Replace("Erf", "Tanh", StringComparison.Ordinal) + "p" },
        { "gelu", "4,6", "Pow h #3 -> c; Mul c #0.0447 -> d; Add h d -> a; Mul a #root2/pi -> u; Tanh u -> t;"
            + "Add t #1 -> o; Mul h #0.5 -> k; Mul k o -> p" },
        { "gelu", "4,6", "Pow h #2 -> c; Mul c #0.044715 -> d; Add h d -> a; Mul a #root2/pi -> u; Tanh u -> t;"
            + "Add t #1 -> o; Mul h #0.5 -> k; Mul k o -> p" },
        { "gelu", "4,6", "Pow h #3 -> c; Mul c #0.044715 -> d; Add h d -> a; Mul a #root2/pi -> u; Tanh u -> t;"
            + "Add t #1 -> o; Mul h #0.5 -> k; Mul k o -> g; Add g d -> p" },
        { "swish", "4,6", "Sigmoid h -> s; Mul x s -> p" },
        { "swish", "4,6", "Sigmoid h -> s; Mul h s -> m; Add m s -> p" },
        { "swish", "4,6", "Mul h a[6] -> d; Sigmoid d -> s; Mul h s -> p" },
        { "hard-swish", "4,6", "HardSigmoid h alpha=0.2 beta=0.5 -> s; Mul h s -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a #0 #5 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #2 -> a; Clip a #0 #6 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a #0 #6 -> c; Mul h c -> m; Div m #3 -> p" },
        // Clip without one of its bounds, or both.
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a #0 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a ~ #6 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a min=0.0 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a max=6.0 -> c; Mul h c -> m; Div m #6 -> p" },
        { "hard-swish", "4,6", "Add h #3 -> a; Clip a low[1] #6 -> c; Mul h c -> m; Div m #6 -> p" },
        { "mish", "4,6", "Softplus h -> s; Tanh s -> t; Mul x t -> p" },
        { "mish", "4,6", "Softplus h -> s; Tanh s -> t; Mul h t -> m; Add m s -> p" },
        { "softplus", "4,6", "Exp h -> e; Add e #2 -> a; Log a -> p" },
        { "softplus", "4,6", "Exp h -> e; Add e #1 -> a; Log a -> l; Add l e -> p" },
        { "log-softmax", "4,6", "Softmax h -> s; Log s -> l; Add l s -> p" },
        { "softmax-cross-entropy", "6,6", "LogSoftmax h axis=0 -> l; NegativeLogLikelihoodLoss l @1,0,5,2,1,3 -> n;"
            + "Mul h n -> p" },
        { "softmax-cross-entropy", "4,6", "LogSoftmax h axis=1 -> l; NegativeLogLikelihoodLoss l @1,0,5,2 -> n;"
            + "Mul l n -> p" },
        // Another axis, a mask that learns, one that gives the scores their shape, sums that are read again.
        { "masked-softmax", "4,6", "Add h c=-1[6] -> a; Softmax a axis=0 -> p" },
        { "masked-softmax", "4,6", "Add h m[6] -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Mul x m[6] -> n; Add h n -> a; Softmax a -> p" },
        { "masked-softmax", "1,6", "Add h c=-1[4,6] -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Add h c=-1[6] -> a; Softmax a -> s; Add s a -> p" },
        { "masked-softmax", "4,6", "Sub h c=-1[6] -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Greater x #0.4 -> k; Where k c=-1[6] h -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Greater x #0.4 -> k; Where k h h -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Greater x #0.4 -> k; Where k n[1] h -> a; Softmax a -> p" },
        { "masked-softmax", "4,6", "Greater x #0.4 -> k; Where k #-9 h -> a; Softmax a axis=0 -> p" },
        // A bias of another rank, or of the rows; a transposition of what is no parameter, or of more axes.
        { "linear", "6,6", "MatMul h w[6,6] -> m; Add m b[6,1] -> p" },
        { "linear", "4,6", "MatMul h w[6,5] -> m; Add m b[1,5] -> p" },
        { "linear", "4,6", "MatMul h w[6,5] -> m; Add m b[5] -> l; Mul l m -> p" },
        { "linear", "4,6", "MatMul h w[6,1] -> m; Add m b[5] -> p" },
        { "linear", "2,3,6", "MatMul h w[2,6,5] -> m; Add m b[5] -> p" },
        { "linear", "4,6", "Tanh w[5,6] -> v; Transpose v perm=1,0 -> t; MatMul h t -> p" },
        { "linear", "2,3,6", "Transpose w[2,5,6] perm=0,2,1 -> t; MatMul h t -> p" },
        // A second reader, a number that learns, a constant that enlarges, whose axes lie apart, or of exponents; a
        // power of a number; what nothing is pulled back through.
        { "elementwise-chain", "4,6", "Exp h -> e; Add e h -> a; MatMul a w[6,6] -> m; Add m e -> p" },
        { "elementwise-chain", "4,6", "Exp h -> e; Mul e g[6] -> m; MatMul m w[6,6] -> p" },
        { "elementwise-chain", "4,1", "Exp h -> e; Mul e c=2[6] -> m; MatMul m w[6,6] -> p" },
        { "elementwise-chain", "2,3,4", "Exp h -> e; Add e c=1[2,1,4] -> m; MatMul m w[4,4] -> p" },
        { "elementwise-chain", "4,6", "Exp h -> e; Pow e c=2[6] -> m; MatMul m w[6,6] -> p" },
        { "elementwise-chain", "4,6", "Exp h -> e; Pow #2 e -> m; MatMul m w[6,6] -> p" },
        { "elementwise-chain", "4,6", "IsNaN h -> n; Not n -> t; Where t h x -> p" },
        { "scaling", "2,3,4,5", "Mul h #0.5 -> q; Mul k[2,3,5,6] c[1] -> s; MatMul q s -> p" },
        { "scaling", "2,3,5,5", "Mul h #0.5 -> q; Mul k[5,5] #0.25 -> s; MatMul q s -> m; Add m q -> p" },
        { "identity", "4,6", "Dropout h #0.5 @true -> d; Mul d g[6] -> p" },
        { "identity", "6,6", "Transpose h perm=1,0 -> p" },
        { "transpose", "2,3,4", "Transpose h perm=1,0,2 -> s; Transpose s perm=1,2,0 -> t; ReduceSum s keepdims=1 -> r;"
            + "Add t r -> p" },
        { "reshape", "2,3,4", "Reshape h @6,4 -> s; Reshape s @4,6 -> t; ReduceSum s keepdims=1 -> r; Add t r -> p" },
        { "reshape", "2,3,4", "Reshape h @6,4 -> s; Transpose s -> t; Reshape t @2,12 -> p" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Are_left_as_they_are(string rule, string shape, string lines)
    {
        var model = RewritingModel.Of(shape, lines);
        var plain = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { Rewrite = [] });
        var found = OnnxImport.ToGraph<float>(model, new OnnxImportOptions { Rewrite = [rule] });
        Assert.Empty(found.Rewritten);
        Assert.Equal(plain.Graph.Vertices.Select(v => (v.Name, v.Function?.OperatorType)),
            found.Graph.Vertices.Select(v => (v.Name, v.Function?.OperatorType)));
    }

    /// <summary>Without its negative a rule might take more than it should.</summary>
    [Fact]
    public void There_are_some_for_each_rule() => Assert.Equal(
        OnnxRewriting.Rules.Select(rule => rule.Name).Order(StringComparer.Ordinal),
        All.Select(row => (string)row[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void An_unknown_rule_is_refused_with_those_that_there_are()
    {
        var model = RewritingModel.Of("4,6", "Identity h -> p");
        var refusal = Assert.Throws<OnnxException>(
            () => OnnxImport.ToGraph<float>(model, new OnnxImportOptions { Rewrite = ["gelo"] }));
        Assert.Contains("'gelo'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("gelu, ", refusal.Message, StringComparison.Ordinal);
    }
}
