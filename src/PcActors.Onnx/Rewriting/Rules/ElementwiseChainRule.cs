using PcActors.Functions;

namespace PcActors.Onnx.Rewriting.Rules;

/// <summary>Functions of each element that follow one another: of one input, or of two of which one is a constant that
/// does not enlarge the other.</summary>
/// <remarks>What is computed again for the pull-back must not cost more than keeping it would: a function that is dear
/// is the last of its chain.</remarks>
internal sealed class ElementwiseChainRule() : RewriteRule("elementwise-chain",
    "one ElementwiseChain of functions of each element, one after the other", [.. Functions])
{
    // The buffers of more functions would not stay in the cache.
    private const int Longest = 60;

    private static readonly string[] Others = ["Add", "Clip", "Div", "Mul", "Pow", "PRelu", "Sub"];

    /// <inheritdoc/>
    public override bool ComesLast => true;

    private static IEnumerable<string> Functions =>
        OperatorCatalogue.Onnx.Where(ElementwiseChainOperators.IsUnary).Concat(Others);

    /// <inheritdoc/>
    public override Replacement? Find(RewritableVertex last)
    {
        var steps = new List<ChainStep>();
        var (inner, constants) = (new List<RewritableVertex>(), new List<RewritableVertex>());
        var source = last;
        while (steps.Count < Longest && (source == last || source.HasOneReader)
            && StepOf(source) is var (step, input, read))
        {
            if (source != last)
            {
                if (!ElementwiseChainOperators.IsCheap(step, read is [var constant] ? constant.Number : null)) break;
                inner.Add(source);
            }
            steps.Add(step);
            constants.InsertRange(0, read);
            source = input;
        }
        if (steps.Count < 2) return null;
        steps.Reverse();
        return Replacement.By(ElementwiseChainOperators.Name,
            Attributes.Of((ElementwiseChainOperators.Functions, ChainStep.Write(steps))), inner,
            [source, .. constants]);
    }

    private (ChainStep Step, RewritableVertex Input, IReadOnlyList<RewritableVertex> Constants)? StepOf(
        RewritableVertex vertex)
    {
        if (vertex.Operator is null || vertex.Attributes.Has("element_type") || vertex.Inputs.Count == 0) return null;
        return vertex.Is("Clip") ? ClipOf(vertex)
            : Others.Contains(vertex.Operator) ? BinaryOf(vertex)
            : vertex.Inputs is [var x] && LastOperators.Contains(vertex.Operator)
                ? (new ChainStep(vertex.Operator, "x", vertex.Attributes), x, [])
            : null;
    }

    private static (ChainStep, RewritableVertex, IReadOnlyList<RewritableVertex>)? BinaryOf(RewritableVertex vertex)
    {
        if (vertex.Inputs is not [var x, var y]) return null;
        var isSecond = x.IsConstant;
        var (value, constant) = isSecond ? (y, x) : (x, y);
        var step = new ChainStep(vertex.Operator!, isSecond ? "cx" : "xc", vertex.Attributes);
        return constant.IsConstant && value.Shape.Equals(vertex.Shape) && ElementwiseChainOperators.IsBinary(step)
            && ChainConstants.Repeats(constant.Shape, value.Shape) is not null
            && (!vertex.Is("Pow") || constant.Shape.Length == 1)
            ? (step, value, [constant])
            : null;
    }

    private static (ChainStep, RewritableVertex, IReadOnlyList<RewritableVertex>)? ClipOf(RewritableVertex vertex)
    {
        var bounds = vertex.Inputs.Skip(1).ToList();
        if (!bounds.TrueForAll(bound => bound.IsConstant && bound.Shape.Rank <= vertex.Shape.Rank)) return null;
        var isLowAbsent = vertex.Attributes.Integers("absent")?.Contains(1) ?? false;
        var operands = (isLowAbsent, bounds.Count) switch
        {
            (true, 1) => "x-c",
            (_, 0) => "x",
            (_, 1) => "xc",
            _ => "xcc",
        };
        var attributes = Attributes.Of([
            .. vertex.Attributes.Names.Where(name => name != "absent")
                .Select(name => (name, vertex.Attributes[name]))]);
        return (new ChainStep("Clip", operands, attributes), vertex.Inputs[0], bounds);
    }
}
