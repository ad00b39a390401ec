using System.Diagnostics;
using PcActors.Runs;

namespace PcActors.Training;

public sealed partial class TrainingLoop<T>
{
    /// <summary>One run: where it is, and how it gets on.</summary>
    private sealed class Run(TrainingLoop<T> loop, CheckpointSaver<T>? saver, Action<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        private readonly Stopwatch _watch = new();
        private readonly TimeSpan _before = loop._options.Resumed?.Elapsed ?? TimeSpan.Zero;
        private readonly int _epochLength = loop._feeder.BatchCount;
        private double _sum = loop._options.Resumed?.LossSum ?? 0;
        private TestScore _score = loop._options.Resumed?.Score ?? TestScore.None;
        private InferenceTally _inference = loop._options.Resumed?.Inference ?? InferenceTally.None;
        private BestEpoch? _best = loop.KeepsBest ? loop._options.Resumed?.Best : null;

        /// <summary>Steps done, over all epochs.</summary>
        public long Step { get; private set; } = loop._options.Resumed?.Step ?? 0;

        public TrainingState State => new(Step, _sum, _score.Accuracy, Elapsed, _best)
        {
            TestLoss = _score.Loss,
            IsValidated = loop.Validates,
            Inference = _inference,
            Standardization = loop.Standardization,
            SaysStandardization = true,
            ClassNames = loop.Data.Train.ClassNames,
        };

        /// <summary>Whether no epoch has been better for as long as early stopping waits.</summary>
        public bool IsStoppedEarly =>
            _best is not null && loop._options.Patience is { } patience && Epochs - _best.Epoch >= patience;

        /// <summary>Epochs that have ended.</summary>
        private int Epochs => (int)(Step / _epochLength);

        private TimeSpan Elapsed => _before + _watch.Elapsed;

        /// <summary>Steps of the epoch at hand, or of the last one when none is.</summary>
        private long Done => Step > 0 && Step % _epochLength == 0 ? _epochLength : Step % _epochLength;

        private double Loss => Step == 0 ? double.NaN : _sum / Done;

        /// <summary>Makes what is left of an epoch.</summary>
        /// <returns>Whether it has come to its end.</returns>
        public async Task<bool> EpochAsync()
        {
            var epoch = Step / _epochLength;
            loop._feeder.BeginEpoch(epoch);
            if (Step % _epochLength == 0) (_sum, _inference) = (0, InferenceTally.None);
            var end = Math.Min((epoch + 1) * _epochLength, loop.Steps);
            var pending = new Queue<Task<StepResult>>();
            _watch.Start();
            for (var next = Step; next < end || pending.Count > 0;)
            {
                if (saver is not null) await saver.LookAsync(Step).ConfigureAwait(false);
                var isDue = saver?.IsDue(next) == true;
                if (next < end && pending.Count < loop._batches.Length && !isDue
                    && !cancellation.IsCancellationRequested)
                {
                    var batch = loop._batches[next % loop._batches.Length];
                    loop._feeder.Fill((int)(next++ % _epochLength), batch);
                    pending.Enqueue(loop._network.StepAsync(batch));
                    if (pending.Count < loop._batches.Length) continue;
                }
                if (pending.Count == 0)
                {
                    if (!isDue || next == end) break;
                    saver!.Begin(State, loop._best);
                    continue;
                }
                var result = await NextResult(pending).ConfigureAwait(false);
                _sum += result.Loss;
                _inference = _inference.With(result.Inference);
                Step++;
                loop._options.Watch?.Invoke(result);
                Tell((int)epoch + 1, null);
            }
            _watch.Stop();
            return Step % _epochLength == 0 && Step > epoch * _epochLength;
        }

        /// <summary>Measures the network at an epoch's end.</summary>
        public async Task TestAsync()
        {
            _score = await loop._measure.MeasureAsync().ConfigureAwait(false);
            if (loop.KeepsBest && (_best is null || _score.IsBetterThan(_best.Score)))
                await KeepAsync().ConfigureAwait(false);
            Tell(Epochs, _score);
            if (saver is null) return;
            await saver.LookAsync(Step).ConfigureAwait(false);
            if (saver.IsDue(Step)) saver.Begin(State, loop._best);
        }

        public async Task<TrainingResult> EndAsync()
        {
            var isInterrupted = Step < loop.Steps && !IsStoppedEarly;
            // An epoch that ended has measured it; one that was cut short, or none at all, has not.
            var score = _best?.Score ?? (Step == 0 || Step % _epochLength != 0
                ? await loop._measure.MeasureAsync().ConfigureAwait(false)
                : _score);
            var test = loop.Validates ? await loop.TestEndAsync().ConfigureAwait(false) : score;
            return new TrainingResult(Epochs, Step, _best?.Loss ?? Loss, test.Accuracy, Elapsed, isInterrupted,
                Best: _best, IsStoppedEarly: _best is not null && IsStoppedEarly)
            {
                TestLoss = test.Loss,
                Validation = loop.Validates ? score : null,
                Inference = _inference,
            };
        }

        private async Task KeepAsync()
        {
            var snapshot = await loop._network.SnapshotAsync().ConfigureAwait(false);
            loop._best = snapshot.States.ToDictionary(s => s.Key, s => s.Value.Value, StringComparer.Ordinal);
            _best = new BestEpoch(Epochs, Loss, _score.Accuracy) { TestLoss = _score.Loss };
        }

        private void Tell(int epoch, TestScore? score) =>
            progress?.Invoke(
                new TrainingProgress(epoch, loop._options.Epochs, Step, loop.Steps, Loss,
                    loop.Validates ? null : score?.Accuracy, Elapsed)
                {
                    TestLoss = loop.Validates ? null : score?.Loss,
                    Validation = loop.Validates ? score : null,
                    Inference = _inference,
                });
    }
}
