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
        private double _accuracy = loop._options.Resumed?.TestAccuracy ?? double.NaN;

        /// <summary>Steps done, over all epochs.</summary>
        public long Step { get; private set; } = loop._options.Resumed?.Step ?? 0;

        public TrainingState State => new(Step, _sum, _accuracy, Elapsed);

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
            if (Step % _epochLength == 0) _sum = 0;
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
                    saver!.Begin(State);
                    continue;
                }
                _sum += (await NextResult(pending).ConfigureAwait(false)).Loss;
                Step++;
                Tell(epoch + 1, null);
            }
            _watch.Stop();
            return Step % _epochLength == 0 && Step > epoch * _epochLength;
        }

        /// <summary>Measures the accuracy at an epoch's end.</summary>
        public async Task TestAsync()
        {
            _accuracy = await loop.TestAccuracyAsync().ConfigureAwait(false);
            Tell(Step / _epochLength, _accuracy);
            if (saver is null) return;
            await saver.LookAsync(Step).ConfigureAwait(false);
            if (saver.IsDue(Step)) saver.Begin(State);
        }

        public async Task<TrainingResult> EndAsync()
        {
            // An epoch that ended has measured it; one that was cut short, or none at all, has not.
            var accuracy = Step == 0 || Step % _epochLength != 0
                ? await loop.TestAccuracyAsync().ConfigureAwait(false)
                : _accuracy;
            return new TrainingResult((int)(Step / _epochLength), Step, Loss, accuracy, Elapsed, Step < loop.Steps);
        }

        private void Tell(long epoch, double? accuracy) =>
            progress?.Invoke(
                new TrainingProgress((int)epoch, loop._options.Epochs, Step, loop.Steps, Loss, accuracy, Elapsed));
    }
}
