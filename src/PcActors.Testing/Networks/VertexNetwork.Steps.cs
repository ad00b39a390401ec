using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Learning;

namespace PcActors.Testing;

/// <content>The coordinator's part: a step's beginning, its timesteps, its end.</content>
public sealed partial class VertexNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private StepId Current => new(_run, _step);

    private bool IsLastTimestep => _options.Clock == Clock.Wavefront || _ledger.Time == _plan.Timesteps - 1;

    private TAnswer Ask<TAnswer>(int vertex, object message)
    {
        _answer = null;
        Tell(vertex, message);
        return _answer is TAnswer answer ? answer : throw new StalledException($"'{_plan.Names[vertex]}' does not answer {message}");
    }

    private void Attempt(Batch<T> batch, Func<int, object> toRoot, Func<bool> hasEnded)
    {
        _step++;
        for (Attempts = 1; Attempts <= _delivery.MaxAttempts; Attempts++, _run++)
        {
            _ledger.Begin(Current);
            foreach (var id in _plan.Parameters) Post(id, new BeginStep(Current, _completed));
            for (var micro = 0; micro < _options.MicroBatches; micro++)
            {
                for (var leaf = 0; leaf < _plan.DataLeaves.Length; leaf++)
                    Post(_plan.DataLeaves[leaf], new ClampData<T>(Current, micro, batch.Input(leaf, micro)));
                Post(_plan.Root, toRoot(micro));
            }
            foreach (var envelope in _late) _bag.Add(envelope);
            _late.Clear();
            if (Run(hasEnded)) return;
        }
        throw new StalledException($"step {_step} does not end; missing is {_ledger.Missing()}");
    }

    private bool Run(Func<bool> hasEnded)
    {
        do
        {
            while (_bag.TryTake(out var envelope))
            {
                if (envelope.Receiver == Envelope.Coordinator) OnReport(envelope.Message);
                else Tell(envelope.Receiver, envelope.Message);
                if (hasEnded()) return true;
            }
        }
        while (_delivery.TimestepEnd == TimestepEnd.Quiet && Advance());
        return false;
    }

    private void OnReport(object report)
    {
        switch (report)
        {
            case LossReport loss: _ledger.Enter(loss); break;
            case UpdateReport update: _ledger.Enter(update); break;
            case ForwardReport forward: _ledger.Enter(forward); break;
            case AdvanceReport advance: _ledger.Enter(advance); break;
            case PredictionReport<T> prediction when prediction.Step == Current:
                _predictions[prediction.MicroBatch] = prediction.Prediction;
                break;
        }
        if (_options.Clock == Clock.Wavefront || _delivery.TimestepEnd == TimestepEnd.Quiet) return;
        while (_ledger.IsTimestepDone && Advance())
        {
        }
    }

    /// <summary>Begins the next timestep; false when there is none.</summary>
    private bool Advance()
    {
        if (IsLastTimestep) return false;
        _ledger.BeginTimestep();
        foreach (var id in _plan.ActiveAt(_ledger.Time)) Post(id, new Advance(Current, _ledger.Time));
        return true;
    }

    private void Post(int vertex, object message) => Send(new Envelope(Envelope.Coordinator, vertex, message));

    private void Send(Envelope envelope)
    {
        Sending?.Invoke(envelope);
        var fate = envelope.IsBetweenNeighbours && _delivery.Faults is { } faults ? faults(envelope) : Fate.Arrives;
        if (fate is Fate.Arrives or Fate.ArrivesTwice or Fate.ArrivesAgainLate) _bag.Add(envelope);
        if (fate is Fate.ArrivesTwice) _bag.Add(envelope);
        if (fate is Fate.ArrivesLate or Fate.ArrivesAgainLate) _late.Add(envelope);
    }

    /// <summary>One vertex's way out.</summary>
    private sealed class Outbox(VertexNetwork<T> network, int vertex) : IOutbox<T>
    {
        public void SendValue(int consumer, ValueMessage<T> message)
        {
            network._values++;
            network.Send(new Envelope(vertex, network.Graph.Consumers(vertex)[consumer].To, message));
        }

        public void SendError(int slot, ErrorMessage<T> message)
        {
            network._errors++;
            network.Send(new Envelope(vertex, network.Graph.Inputs(vertex)[slot].From, message));
        }

        public void Report(object report)
        {
            if (report is ParameterReport<T> or CountersReport or FinitenessReport) network._answer = report;
            else network.Send(new Envelope(vertex, Envelope.Coordinator, report));
        }
    }
}
