using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;

namespace PcActors.Learning.Vertices;

// What a vertex does not compute, because nothing has moved that it follows from. Bits decide: of what comes in those
// of the message before, of its own value and error those of the timestep before. Whatever moves is sent as another
// tensor, so that who takes the very same one knows that it has not.
internal sealed partial class MicroBatchInference<T>
{
    private readonly KeptPullBacks<T> _pullBacks;
    private readonly bool _reuses;
    private Tensor<T>? _before;
    private int _predicted;
    private int _errorChanges;
    private bool _hasMoved;

    /// <summary>Whether there is to be another prediction, because an input has moved since the last one.</summary>
    public bool FollowsInputs()
    {
        var hasMoved = _predicted != Arrivals.InputChanges;
        _predicted = Arrivals.InputChanges;
        _hasMoved |= hasMoved;
        // A view costs nothing; and if the input is another tensor with the same bits, it has to be of that one.
        return hasMoved || !_reuses || Evaluation.IsView;
    }

    /// <summary>(dmu / dx_slot)^T error.</summary>
    /// <param name="slot">To which input.</param>
    /// <param name="error">The vertex's own error, or the sum of its consumers'.</param>
    /// <param name="passesOn">Whether it is that sum.</param>
    public PullBack<T> PullBack(int slot, Tensor<T> error, bool passesOn) => _reuses
        ? _pullBacks.Of(slot, error, Arrivals.InputChanges, passesOn ? Arrivals.ErrorChanges : _errorChanges)
        : Evaluation.PullBack(slot, error);

    private void ChangeError()
    {
        _errorChanges++;
        if (_reuses) _inference.RenewError();
    }

    // What it held before it acted, for comparison.
    private Tensor<T> Before => _before ??= new Tensor<T>(_vertex.Shape);

    /// <summary>Puts the value where its displacement is, or a clamp.</summary>
    private void MoveValue()
    {
        if (!_reuses)
        {
            UpdateValue();
            Hold();
            return;
        }
        if (KeepsValue(_inference.ValueTensor)) return;
        _inference.RenewValue();
        _hasMoved = true;
    }

    private bool KeepsValue(Tensor<T> value)
    {
        if (_clamp.IsFree) return SameBits.After(InitialPrediction.Span, Displacement.Span, value.Writable);
        value.Span.CopyTo(Before.Writable);
        UpdateValue();
        Hold();
        return SameBits.In(Before.Span, value.Span);
    }
}
