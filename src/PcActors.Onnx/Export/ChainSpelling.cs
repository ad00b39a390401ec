using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>The operators of an ElementwiseChain.</summary>
internal static class ChainSpelling
{
    /// <summary>Applies them.</summary>
    public static Node<T> Apply<T>(Spelling<T> chain)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var steps = ChainStep.Parse(chain.Attributes.Text(ElementwiseChainOperators.Functions, ""));
        var (value, constants) = (chain.Inputs[0], new Queue<Node<T>>(chain.Inputs.Skip(1)));
        foreach (var (i, step) in steps.Index())
        {
            Node<T>[] read = [
                .. step.Operands.Where(o => o != '-').Select(o => o == 'x' ? value : constants.Dequeue())];
            value = i == steps.Count - 1
                ? chain.Last(step.Operator, step.Whole, read)
                : chain.Part($"{i + 1}", step.Operator, step.Whole, read);
        }
        return value;
    }
}
