using PcActors.Cluster.Client;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>However often terms and coordinators are lost, and whatever results are on their way
/// then: each step counts once, in order, whoever asked hears of it once, and messages are those of
/// the undisturbed run.</summary>
public sealed class WorkLineProperties
{
    private const int MessagesPerStep = 7;
    private const int MessagesPerPrediction = 3;
    private const int MessagesPerInference = 11;

    [Fact]
    public void Every_piece_of_work_is_done_once_whatever_is_lost()
    {
        for (var seed = 1; seed <= 200; seed++) Check(new Random(seed));
    }

    [Fact]
    public void A_term_that_begins_elsewhere_than_at_the_checkpoint_is_refused()
    {
        var line = LineOf(new GraphBuilder<double>());
        Assert.Throws<RunFailedException>(() => line.Begin(new TermBegun(1, 1, 3)));
    }

    private static WorkLine<double> LineOf(GraphBuilder<double> builder)
    {
        var graph = builder.Build(builder.Data("x", new Shape(1, 1)).Dense("layer", 1));
        var start = new RunState<double>(0, new Dictionary<int, ParameterSnapshot<double>>(), new MessageCounts(0, 0));
        return new WorkLine<double>(() => new Batch<double>(graph, Loss.SquaredError, 1), start, new HashSet<int> { 0 },
            checkpointEvery: 4, MessagesPerPrediction);
    }

    private static void Check(Random random)
    {
        var builder = new GraphBuilder<double>();
        var graph = builder.Build(builder.Data("x", new Shape(1, 1)).Dense("layer", 1));
        var line = LineOf(new GraphBuilder<double>());
        var steps = new List<(TrainingStep<double> Job, double Expected)>();
        var predictions = new List<Prediction<double>>();
        var inferences = new List<InferenceJob<double>>();
        var counts = new List<(CounterCollection Job, long Expected)>();
        var (value, sinceStep) = (0.0, 0);
        for (var i = 1; i <= 40; i++)
        {
            var batch = new Batch<double>(graph, Loss.SquaredError, 1);
            batch.Inputs[0].Writable[0] = i;
            if (random.Next(5) == 0)
            {
                // What is read says which number it should have.
                inferences.Add(
                    new InferenceJob<double>(new Dictionary<int, Clamp<double>[]>(), [++sinceStep], 1));
                line.Add(inferences[^1]);
                continue;
            }
            if (random.Next(5) == 0)
            {
                sinceStep++;
                predictions.Add(new Prediction<double>(batch));
                line.Add(predictions[^1]);
                continue;
            }
            (value, sinceStep) = (After(value, i), 0);
            steps.Add((new TrainingStep<double>(batch), value));
            line.Add(steps[^1].Job);
            if (random.Next(6) != 0) continue;
            counts.Add(
                (new CounterCollection(),
                    (MessagesPerStep * steps.Count) + (MessagesPerPrediction * predictions.Count)
                        + (MessagesPerInference * inferences.Count)));
            line.Add(counts[^1].Job);
        }
        var end = new ParameterCollection<double>();
        line.Add(end);

        for (var term = 1; !end.Task.IsCompleted; term++)
        {
            Assert.True(term < 1_000);
            RunTerm(line, term, random);
        }
        Assert.Equal(value, end.Task.Result[0].Span[0]);
        Assert.All(steps, s => Assert.Equal(s.Expected, s.Job.Task.Result.Loss));
        Assert.All(predictions, p => Assert.True(p.Task.IsCompletedSuccessfully));
        Assert.All(inferences, i => Assert.Equal(i.Reads, i.Task.Result.Values.Keys));
        Assert.All(counts, c => Assert.Equal(c.Expected, c.Job.Task.Result.Total));
    }

    /// <summary>A coordinator that has the client's checkpoint, does some work, and is lost
    /// with results under way.</summary>
    private static void RunTerm(WorkLine<double> line, int term, Random random)
    {
        var value = line.Checkpoint.States.GetValueOrDefault(0)?.Value.Span[0] ?? 0;
        var messages = 0L;
        var results = new Queue<object>();
        line.Begin(new TermBegun(term, 1, line.Checkpoint.Step));
        for (var life = random.Next(60); life > 0; life--)
        {
            if (line.Next() is { } job)
            {
                foreach (var result in Do(job)) results.Enqueue(result);
            }
            if (random.Next(2) == 0 && results.TryDequeue(out var arrived)) Take(line, arrived);
        }
        line.Pause();
        // What still comes counts for nothing.
        foreach (var late in results) Take(line, late);

        IEnumerable<object> Do(Work<double> work)
        {
            switch (work.Kind)
            {
                case WorkKind.Step:
                    value = After(value, work.Inputs[0].Span[0]);
                    messages += MessagesPerStep;
                    return [Done(new StepResult(1, value, 1))];
                case WorkKind.Prediction:
                    messages += MessagesPerPrediction;
                    return [Done(Tensor<double>.Scalar(value))];
                case WorkKind.Inference:
                    messages += MessagesPerInference;
                    Assert.Equal(work.Inference!.Reads, [work.Inference.Order]);
                    return
                    [
                        Done(new InferenceDone<double>(
                            [new VertexValue<double>(work.Inference.Order, Tensor<double>.Scalar(value))],
                            new InferenceRecord(1, null, []), new MessageCounts(MessagesPerInference, 0))),
                    ];
                case WorkKind.Counts:
                    return [Done(new MessageCounts(messages, 0))];
                default:
                    var state = new ParameterSnapshot<double>(Tensor<double>.Scalar(value), 1, []);
                    return [new StateCollected<double>(term, 0, state), Done(new MessageCounts(messages, 0))];
            }

            WorkDone<double> Done(object result) => new(term, work.Number, result);
        }
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 0, 1 })]
    public void A_checkpoint_without_just_the_parameters_states_is_refused(int[] vertices)
    {
        var line = LineOf(new GraphBuilder<double>());
        line.Begin(new TermBegun(1, 1, 0));
        line.Add(new StateCollection<double>());
        var asked = line.Next()!;
        Assert.Equal(WorkKind.States, asked.Kind);
        foreach (var vertex in vertices)
            line.Take(
                new StateCollected<double>(1, vertex, new ParameterSnapshot<double>(Tensor<double>.Scalar(1), 1, [])));
        Assert.Throws<RunFailedException>(
            () => line.Take(new WorkDone<double>(1, asked.Number, new MessageCounts(0, 0))));
    }

    private static void Take(WorkLine<double> line, object message)
    {
        if (message is StateCollected<double> state) line.Take(state);
        else line.Take((WorkDone<double>)message);
    }

    /// <summary>A value that tells which steps were made, how often and in which order.</summary>
    private static double After(double value, double step) => ((value * 31) + step) % 1_000_003;
}
