using PcActors.Learning;
using PcActors.Learning.Protocol;

namespace PcActors.Runs;

internal sealed partial class StepMachine<T>
{
    /// <summary>Begins an attempt at the current job.</summary>
    private void Begin()
    {
        switch (_job)
        {
            case TrainingStep<T> step:
                _progress.Begin();
                Clamp(step.Batch,
                    micro => new ClampTarget<T>(_current, micro, step.Batch.TargetOf(micro), step.Batch.Size));
                break;
            case Prediction<T> prediction:
                _predictions.AsSpan().Clear();
                Clamp(prediction.Batch, micro => new RequestPrediction(_current, micro));
                break;
            case IInquiry inquiry:
                Ask(inquiry);
                break;
        }
    }

    private void Clamp(Batch<T> batch, Func<int, object> toRoot)
    {
        var begin = new BeginStep(_current, _completed);
        foreach (var id in _plan.Parameters) _outbox.Tell(id, begin);
        for (var micro = 0; micro < _options.MicroBatches; micro++)
        {
            for (var leaf = 0; leaf < _plan.DataLeaves.Length; leaf++)
                _outbox.Tell(_plan.DataLeaves[leaf], new ClampData<T>(_current, micro, batch.Input(leaf, micro)));
            _outbox.Tell(_plan.Root, toRoot(micro));
        }
    }

    private void Ask(IInquiry inquiry)
    {
        _attempts.Begin();
        _interview = new Interview(inquiry, ++_inquiries, _plan);
        _interview.Ask(_outbox, _completed);
    }

    /// <summary>Goes on with a training step as far as the reports allow.</summary>
    private void Take(TrainingStep<T> step, object report)
    {
        _attempts.Progress();
        _progress.Take(report);
        var isDiverged = !double.IsFinite(_progress.Loss);
        if (_options.Clock == Clock.Lockstep && !isDiverged)
        {
            while (_progress.IsTimestepDone && _progress.Time < _plan.Timesteps - 1)
            {
                _progress.BeginTimestep();
                var advance = new Advance(_current, _progress.Time);
                foreach (var id in _plan.ActiveAt(_progress.Time)) _outbox.Tell(id, advance);
            }
        }
        if (isDiverged && (_progress.IsComplete || _options.Clock == Clock.Lockstep))
        {
            Ask(new FinitenessInquiry(first =>
                Fail(new DivergedException(_current.Step, first is { } id ? _plan.Names[id] : null))));
        }
        else if (_progress.IsComplete)
        {
            _completed = _current;
            step.Complete(new StepResult(_current.Step, _progress.Loss, _attempts.Count));
            Finish();
        }
    }

    private void Take(Prediction<T> prediction, PredictionReport<T> report)
    {
        _attempts.Progress();
        _progress.RequireMicroBatch(report.MicroBatch);
        _predictions[report.MicroBatch] = report.Prediction;
        if (!Array.TrueForAll(_predictions, p => p is not null)) return;
        prediction.Complete(Batch<T>.Stack(_predictions!));
        Finish();
    }

    private void Proceed(Interview interview)
    {
        _attempts.Progress();
        if (!interview.IsComplete) return;
        if (interview.Conclude(_current.Step) is { } next) Ask(next);
        else Finish();
    }

    private void Retry()
    {
        if (_attempts.AreSpent)
        {
            // Which vertex it was stays unknown; that the loss is not finite is known.
            Fail(_interview?.Inquiry is FinitenessInquiry
                ? new DivergedException(_current.Step, null)
                : new RunFailedException(
                    $"{Undertaking()} made no progress for {_attempts.Wait}, {_attempts.Count} times over; missing "
                    + $"is {Missing()}"));
            return;
        }
        _outbox.Note(
            $"{Undertaking()} has made no progress for {_attempts.Wait} and is tried again; missing is {Missing()}");
        _attempts.BeginAgain();
        if (_interview is { } interview)
        {
            // What is asked again of vertices is no further attempt at a step.
            interview.Ask(_outbox, _completed);
        }
        else
        {
            _current = _current with { Run = _current.Run + 1 };
            Begin();
        }
    }

    private string Undertaking() =>
        _interview is { } interview
            ? $"asking for {interview.Inquiry.Subject} after step {_current.Step}"
            : _current.Name;

    private string Missing() => _interview is { } interview ? interview.Missing()
        : _job is TrainingStep<T> ? _progress.Missing()
        : $"the prediction of '{_plan.Names[_plan.Root]}'";
}
