using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>A vertex's pull-backs from one timestep to the next: each is computed anew where an input or the error has
/// moved since it was, and otherwise sent again.</summary>
/// <param name="evaluation">The vertex's function at work, with buffers of its own.</param>
internal sealed class KeptPullBacks<T>(Evaluation<T> evaluation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (Tensor<T>? Sent, int InputChanges, int ErrorChanges)[] _kept =
        new (Tensor<T>?, int, int)[evaluation.Inputs.Length];

    /// <summary>(dmu / dx_slot)^T error.</summary>
    /// <param name="slot">To which input.</param>
    /// <param name="error">The error.</param>
    /// <param name="inputChanges">How often an input has moved.</param>
    /// <param name="errorChanges">How often the error has.</param>
    public PullBack<T> Of(int slot, Tensor<T> error, int inputChanges, int errorChanges)
    {
        ref var kept = ref _kept[slot];
        if (kept.Sent is { } sent && (kept.InputChanges, kept.ErrorChanges) == (inputChanges, errorChanges))
            return new PullBack<T>(sent, null);
        var pullBack = evaluation.PullBackOfZero(slot, error) ?? evaluation.PullBack(slot, error);
        // What is passed on, or left to the receiver, costs nothing; and it is not this vertex's own memory.
        if (!evaluation.KeepsPullBack(slot)) return pullBack;
        kept = (pullBack.Whole!.Anew(), inputChanges, errorChanges);
        return new PullBack<T>(kept.Sent, null);
    }
}
