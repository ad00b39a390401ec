using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Runs;

internal sealed partial class StepMachine<T>
{
    /// <summary>Begins an attempt at the current job.</summary>
    private void Begin()
    {
        switch (_job)
        {
            case TrainingStep<T> step:
                _progress.Begin(learns: true);
                Clamp(step.Batch,
                    micro => new ClampTarget<T>(_current, micro, step.Batch.TargetOf(micro), step.Batch.Size));
                break;
            case InferenceJob<T> inference:
                _progress.Begin(learns: false);
                Clamp(inference);
                break;
            case Prediction<T> prediction when _plan.FurtherSweeps > 0:
                _progress.Begin(learns: false, infers: false);
                Clamp(prediction.Batch, micro => new ClampTarget<T>(_current, micro, null, prediction.Batch.Size));
                break;
            case Prediction<T> prediction:
                _predictions.AsSpan().Clear();
                _progress.Begin(learns: false, infers: false);
                Clamp(prediction.Batch, micro => new RequestPrediction(_current, micro));
                break;
            case IInquiry inquiry:
                Ask(inquiry);
                break;
        }
    }

    private void Clamp(Batch<T> batch, Func<int, object> toRoot)
    {
        var begin = new BeginStep(_current, _completed, batch.Size);
        foreach (var id in _plan.Parameters) _outbox.Tell(id, begin);
        for (var micro = 0; micro < _options.MicroBatches; micro++)
        {
            // A prediction goes from the leaves alone.
            var count = _current.IsPrediction ? _plan.ClampedLeaves : _plan.Clamped.Length;
            for (var place = 0; place < count; place++)
                _outbox.Tell(_plan.Clamped[place], new ClampData<T>(_current, micro, batch.Input(place, micro)));
            foreach (var id in _plan.Free) _outbox.Tell(id, new ClampData<T>(_current, micro, null));
            _outbox.Tell(_plan.Root, toRoot(micro));
        }
    }

    private void Clamp(InferenceJob<T> job)
    {
        var begin = new BeginStep(_current, _completed, job.BatchSize);
        foreach (var id in _plan.Parameters) _outbox.Tell(id, begin);
        for (var micro = 0; micro < _options.MicroBatches; micro++)
        {
            foreach (var id in _plan.DataLeaves.Concat(_plan.Latents))
            {
                var clamp = job.Clamps.TryGetValue(id, out var given) ? given[micro] : null;
                _outbox.Tell(id, new ClampData<T>(_current, micro, clamp?.Value, clamp?.Mask));
            }
            var target = job.Clamps.TryGetValue(_plan.Root, out var wanted) ? wanted[micro] : null;
            _outbox.Tell(_plan.Root,
                new ClampTarget<T>(_current, micro, target?.Value, job.BatchSize, target?.Mask));
        }
    }

    private void Ask(IInquiry inquiry)
    {
        _attempts.Begin();
        _interview = new Interview(inquiry, ++_inquiries, _plan);
        _interview.Ask(_outbox, _completed);
        // Nobody is asked where nobody's value is wanted.
        if (_interview is { IsComplete: true } interview) Proceed(interview);
    }

    /// <summary>Goes on with a training step, or an inference, as far as the reports allow.</summary>
    private void Take(Job job, object report)
    {
        _attempts.Progress();
        _progress.Take(report);
        var isDiverged = !double.IsFinite(_progress.Loss);
        var isLockstep = _options.Clock == Clock.Lockstep;
        if (isLockstep && !isDiverged && !GoOn(job)) return;
        if (isDiverged && (_progress.IsComplete || isLockstep))
        {
            Ask(new FinitenessInquiry(first =>
                Fail(new DivergedException(_current.Step, first is { } id ? _plan.Names[id] : null))));
        }
        else if (_progress.IsComplete)
        {
            Conclude(job);
        }
    }

    /// <summary>Begins timesteps as far as those before have ended.</summary>
    /// <returns>False when inference has diverged.</returns>
    private bool GoOn(Job job)
    {
        var samples = job switch
        {
            TrainingStep<T> step => step.Batch.Size,
            InferenceJob<T> inference => inference.BatchSize,
            _ => ((Prediction<T>)job).Batch.Size,
        };
        while (_progress.IsTimestepDone && !_progress.IsLast)
        {
            if (!_options.Rule.LearnsAtLevel && _progress.Energies.FirstInfinite is { } vertex)
            {
                var time = _progress.Energies.Count - 1;
                Fail(new InferenceDivergedException(_current.Step, _current.Name, _plan.Names[vertex], time,
                    _options.Rule.InferenceOptimizer == "sgd"
                        ? _progress.Energies.SettlingRate(_options.Rule.InferenceRate)
                        : null));
                return false;
            }
            _isSettled = _progress.Energies.IsSettled(_plan.Tolerance, samples);
            if (_isSettled && !_plan.LearnsLast)
            {
                _progress.End();
                break;
            }
            _progress.BeginTimestep(_isSettled);
            var advance = new Advance(_current, _progress.Time, _progress.Purpose);
            foreach (var id in _plan.ActiveAt(_progress.Time, _progress.Purpose)) _outbox.Tell(id, advance);
        }
        return true;
    }

    private void Conclude(Job job)
    {
        if (job is TrainingStep<T> step)
        {
            _completed = _current;
            step.Complete(new StepResult(_current.Step, _progress.Loss, _attempts.Count)
            {
                Inference = RecordOf(step.Batch.Size, step.WithEnergies),
            });
            Finish();
        }
        else if (job is Prediction<T> prediction)
        {
            Ask(new ValueInquiry<T>([_plan.Root], values => prediction.Complete(values[_plan.Root]!)));
        }
        else if (job is InferenceJob<T> inference)
        {
            var record = RecordOf(inference.BatchSize, withEnergies: true)!;
            Ask(new ValueInquiry<T>(inference.Reads, values =>
            {
                foreach (var (id, value) in values)
                {
                    if (value is null)
                        throw new RunFailedException($"the vertex '{_plan.Names[id]}' holds no value", _plan.Names[id]);
                }
                inference.Complete(new InferredValues<T>(values.ToDictionary(v => v.Key, v => v.Value!), record));
            }));
        }
    }

    /// <summary>The course of the inference that has ended; null where values rest.</summary>
    private InferenceRecord? RecordOf(int samples, bool withEnergies)
    {
        var energies = _progress.Energies;
        if (_options.Rule.RestsBehindWave || energies.Count == 0) return null;
        return new InferenceRecord(
            energies.Count - (_plan.LearnsLast ? 1 : 0), _plan.Tolerance > 0 ? _isSettled : null,
            [.. energies.Totals.Select(t => t.ToDouble() / samples)])
        {
            ByVertex = withEnergies
                ? [.. energies.ByTime.Index().SelectMany(t => t.Item.OrderBy(e => e.Key)
                    .Select(e => new VertexEnergy(t.Index, e.Key, e.Value.ToDouble() / samples)))]
                : [],
        };
    }

    private void Take(Prediction<T> prediction, PredictionReport<T> report)
    {
        _progress.RequireMicroBatch(report.MicroBatch);
        _predictions[report.MicroBatch] = report.Prediction;
        Take(prediction, new ForwardReport(report.Step, report.MicroBatch, _plan.Root));
    }

    // With cycles, vertices that only close them may not have read yet what the next job writes over.
    private void Take(Prediction<T> prediction, object forward)
    {
        _attempts.Progress();
        _progress.Take(forward);
        if (!_progress.IsForward) return;
        prediction.Complete(Tensor<T>.Stack(_predictions!));
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

    /// <summary>Whether the job at hand goes timestep by timestep: a prediction does where there are several
    /// sweeps.</summary>
    private bool IsStepwise =>
        _job is TrainingStep<T> or InferenceJob<T> || (_job is Prediction<T> && _plan.FurtherSweeps > 0);

    private string Undertaking() =>
        _interview is { } interview
            ? $"asking for {interview.Inquiry.Subject} after step {_current.Step}"
            : _current.Name;

    private string Missing() => _interview is { } interview ? interview.Missing()
        : IsStepwise ? _progress.Missing()
        : $"the prediction of '{_plan.Names[_plan.Root]}'";
}
