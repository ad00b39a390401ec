using PcActors.Cluster.Coordination;
using PcActors.Cluster.Wire;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Cluster;

/// <summary>The work of one term: jobs for its coordinator, and word of them for the client, in order.</summary>
public class WorkDeskProperties
{
    private const int Term = 65_537;

    private static readonly Graph<float> Graph = ResidualStack.Build<float>(1);

    [Fact]
    public void Work_is_done_with_copies_of_its_tensors_and_told_with_its_number()
    {
        var desk = New();
        var batch = RandomBatch.Create(Graph, Loss.SquaredError, 1, 5);
        var (step, prediction) = (StepOf(1, batch.Inputs, batch.Target),
            new Work<float>(Term, 2, WorkKind.Prediction, batch.Inputs, null));
        var (training, predicting) = (desk.JobOf(step), desk.JobOf(prediction));
        var copy = Assert.IsType<TrainingStep<float>>(training).Batch;
        Assert.Equal(batch.Inputs[0].Span.ToArray(), copy.Inputs[0].Span.ToArray());
        Assert.Equal(batch.Target.Span.ToArray(), copy.Target.Span.ToArray());
        // Both may be under way at once.
        Assert.NotSame(copy, Assert.IsType<Prediction<float>>(predicting).Batch);
        var result = new StepResult(7, 0.5, 2);
        Assert.Equal([new WorkDone<float>(Term, 1, result)], desk.Finish(step, training, result));
        Assert.Equal([new WorkDone<float>(Term, 2, batch.Target)], desk.Finish(prediction, predicting, batch.Target));
    }

    [Fact]
    public void The_client_is_told_in_order_whatever_the_order_of_words()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var desk = New();
            var (random, told) = (new Random(seed), new List<object>());
            var counts = new MessageCounts(3, 4);
            var works = Enumerable.Range(1, 10).Select(n => new Work<float>(Term, n, WorkKind.Counts, [], null))
                .ToList();
            var jobs = works.ToDictionary(w => w.Number, desk.JobOf);
            foreach (var work in works.OrderBy(_ => random.Next()))
                told.AddRange(desk.Finish(work, jobs[work.Number], counts));
            Assert.Equal(works.Select(w => new WorkDone<float>(Term, w.Number, counts)), told);
        }
    }

    [Fact]
    public void States_come_one_by_one_and_the_counts_that_belong_to_them_last()
    {
        var desk = New();
        var work = new Work<float>(Term, 1, WorkKind.States, [], null);
        var job = Assert.IsType<StateCollection<float>>(desk.JobOf(work));
        var (counts, state) = (new MessageCounts(3, 4),
            new ParameterSnapshot<float>(new Tensor<float>(new Shape(2)), 12, []));
        var told = desk.Finish(work, job,
            new RunState<float>(12, new Dictionary<int, ParameterSnapshot<float>> { [4] = state }, counts));
        Assert.Equal([new StateCollected<float>(Term, 4, state), new WorkDone<float>(Term, 1, counts)], told);
    }

    [Fact]
    public void States_count_once_the_client_is_told_of_them()
    {
        var desk = New();
        var works = Enumerable.Range(1, 2).Select(n => new Work<float>(Term, n, WorkKind.States, [], null)).ToList();
        var jobs = works.ConvertAll(desk.JobOf);
        static object ResultAt(long step) =>
            new RunState<float>(step, new Dictionary<int, ParameterSnapshot<float>>(), new MessageCounts(0, 0));
        Assert.Empty(desk.Finish(works[1], jobs[1], ResultAt(20)));
        Assert.Null(desk.Told);
        Assert.Equal([1, 2],
            desk.Finish(works[0], jobs[0], ResultAt(10)).OfType<WorkDone<float>>().Select(d => d.Number));
        Assert.Equal(20, desk.Told!.Step);
    }

    [Fact]
    public void Tensors_that_do_not_fit_the_graph_are_refused()
    {
        var batch = RandomBatch.Create(Graph, Loss.SquaredError, 1, 5);
        Assert.Contains("0 inputs",
            Assert.Throws<WireException>(() => New().JobOf(StepOf(1, [], batch.Target))).Message,
            StringComparison.Ordinal);
        var misfit = Assert.Throws<WireException>(
            () => New().JobOf(StepOf(1, batch.Inputs, new Tensor<float>(new Shape(7)))));
        Assert.Contains("[7]", misfit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_inference_is_done_under_its_number_and_refused_where_it_fits_nothing()
    {
        var root = Graph.RootId;
        var target = Loss.SquaredError.TargetShape(Graph.Root.Shape);
        var job = Assert.IsType<InferenceJob<float>>(New().JobOf(InferenceOf(root, target, 3)));
        Assert.Equal((3, target[0]), (job.Number, job.BatchSize));
        foreach (var (vertex, shape) in new[]
            { (root, new Shape(7)), (-1, target), (Graph.Vertices.Count, target),
                (Graph.Parameters.First().Id, target) })
            Assert.Throws<WireException>(() => New().JobOf(InferenceOf(vertex, shape, 1)));
    }

    private static Work<float> InferenceOf(int vertex, Shape shape, int order) =>
        new(Term, 1, WorkKind.Inference, [], null)
        {
            Inference = new InferenceWork<float>(
                [new ClampedVertex<float>(vertex, [new Clamp<float>(new Tensor<float>(shape))])], [0], order),
        };

    private static Work<float> StepOf(long number, IReadOnlyList<Tensor<float>> inputs, Tensor<float> target) =>
        new(Term, number, WorkKind.Step, inputs, target);

    private static WorkDesk<float> New() => new(Graph,
        new VertexOptions(LearningRule.Zil, Clock.Wavefront, Loss.SquaredError, new Sgd(0.1), 1, 0));
}
