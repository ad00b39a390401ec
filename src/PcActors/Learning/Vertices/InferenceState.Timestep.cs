using PcActors.Learning.Energies;
using PcActors.Learning.Protocol;

namespace PcActors.Learning.Vertices;

// One timestep, from one message to the next: move, predict, pull back.
internal sealed partial class InferenceState<T>
{
    private bool Sweeps => Options.Rule.Sweeps;

    // Where all is clamped by hand nothing is learnt.
    private bool InputsChange => _inputsMove || (_inputsLearn && !Step.Infers);

    private bool IsLast => (_purpose & TimestepPurpose.Infer) == 0;

    // A rule that sweeps learns at the values of its last sweep, from the errors as they have moved since.
    private bool IsStill => Sweeps && _purpose == TimestepPurpose.Learn;

    /// <summary>Does as much of the current timestep as the messages that are there allow.</summary>
    private void Proceed(IOutbox<T> outbox)
    {
        if (_hasReported) return;
        var isDone = true;
        for (var m = 0; m < Micro.Length; m++) isDone &= Proceed(m, outbox);
        if (!isDone) return;
        _hasReported = true;
        var energy = default(EnergySum);
        foreach (var micro in Micro) energy += micro.Energy;
        outbox.Report(new AdvanceReport(Step, _time, Description.Id, energy));
    }

    private bool Proceed(int m, IOutbox<T> outbox)
    {
        var micro = Micro[m];
        if (micro.Phase == TimestepPhase.Move)
        {
            if (!Move(micro)) return false;
            if (micro.Holds && _time > 0) SendValue(micro.Value, m, _time, outbox);
            micro.Phase = TimestepPhase.Predict;
        }
        if (micro.Phase == TimestepPhase.Predict)
        {
            if (!IsStill && !micro.Arrivals.HasAllInputs(Rests ? 0 : _time, _inferenceTime > 0 && !Step.Infers))
                return false;
            if (!IsStill && !Rests && _time > 0) Predict(micro, m, outbox);
            if (_hasOwnError) micro.UpdateError(Options.Loss, Rests ? _time : _inferenceTime, IsLast, IsStill);
            micro.Phase = TimestepPhase.PullBack;
        }
        if (micro.Phase == TimestepPhase.PullBack)
        {
            if (!PullBack(micro, m, outbox)) return false;
            micro.Phase = TimestepPhase.Delay;
        }
        if (micro.Phase == TimestepPhase.Delay)
        {
            if (Sweeps && !IsStill && !micro.Arrivals.HasAllDelayed(_time, Description.Infers && !IsLast)) return false;
            micro.Phase = TimestepPhase.Done;
        }
        return true;
    }

    /// <summary>Moves, if there is something to move and to move it by.</summary>
    /// <returns>Whether errors are no longer waited for.</returns>
    private bool Move(MicroBatchInference<T> micro)
    {
        if ((_purpose & TimestepPurpose.Initialise) != 0)
        {
            if (micro.Holds) micro.Follow();
            return true;
        }
        var hasMoved = Rests ? _time > 0 && !Description.IsRoot : (_before & TimestepPurpose.Infer) != 0;
        if (!micro.Moves || !hasMoved) return true;
        if (!micro.Arrivals.HasAllErrors(Rests ? Description.ErrorTime : _time)) return false;
        micro.Move(Rests ? _time : _inferenceTime, IsLast);
        return true;
    }

    /// <summary>Predicts anew where inputs have moved; a value that is not held goes on.</summary>
    private void Predict(MicroBatchInference<T> micro, int m, IOutbox<T> outbox)
    {
        if ((InputsChange && micro.FollowsInputs()) || (Sweeps && micro.Moves))
        {
            if (Varies || m == 0) micro.Predict();
            else micro.Evaluation.Share(Micro[0].Evaluation);
        }
        if (micro.Holds || !(Description.Moves || (InputsChange && _inferenceTime > 0))) return;
        if (Varies) SendValue(micro.Value, m, _time, outbox);
        else if (m == 0) SendValue(micro.Value, ValueMessage<T>.AllMicroBatches, _time, outbox);
    }

    /// <summary>Pulls the error back to those that need it now: the vertex's own, or what its
    /// consumers pull back.</summary>
    /// <returns>Whether their errors are no longer waited for.</returns>
    private bool PullBack(MicroBatchInference<T> micro, int m, IOutbox<T> outbox)
    {
        if (!IsNeeded(Description.Infers, Description.Learns) && !_hasOwnError) return true;
        // After the last movement, and during forward initialisation, nobody sends an error.
        if ((_purpose & (TimestepPurpose.Infer | TimestepPurpose.Learn)) == 0) return true;
        var passesOn = !_hasOwnError || (Sweeps && !IsStill && !Description.IsRoot);
        if (passesOn && !micro.Arrivals.HasAllErrors(_time + 1, isLate: Sweeps && !IsStill)) return false;
        var error = passesOn ? micro.SumErrors() : micro.Error;
        foreach (var slot in PullBackOrder)
        {
            var input = Description.Inputs[slot];
            if (IsNeeded(input.Infers, input.Learns))
                SendError(slot, micro.PullBack(slot, error, passesOn), m, _time + 1, outbox);
        }
        return true;
    }

    private bool IsNeeded(bool infers, bool learns) =>
        (infers && (_purpose & TimestepPurpose.Infer) != 0) || (learns && (_purpose & TimestepPurpose.Learn) != 0);
}
