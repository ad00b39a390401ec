using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;
using PcActors.Training;

namespace PcActors.Tests.Training;

/// <summary>Property: when training ends and whose weights are kept, against the definition, for any course of the test
/// accuracy.</summary>
public class EarlyStopping
{
    private const int BatchSize = 4;
    private const int EpochLength = 3;
    private const int Epochs = 12;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task It_ends_when_no_epoch_was_better_for_so_long(int seed)
    {
        var random = new SeededRandom((ulong)seed, "courses");
        int[] wrong = [.. Enumerable.Range(0, Epochs).Select(_ => random.NextInt(BatchSize + 1))];
        var patience = 1 + random.NextInt(4);
        var (end, best) = Expected(wrong, patience);
        var (result, weights) = await RunAsync(wrong, new TrainingOptions { Epochs = Epochs, Patience = patience });
        Assert.Equal((end, (long)end * EpochLength, end < Epochs || end - best >= patience, false),
            (result.Epochs, result.Steps, result.IsStoppedEarly, result.IsInterrupted));
        // The losses of epoch e are 3e - 2, 3e - 1 and 3e.
        Assert.Equal(new BestEpoch(best, (3 * best) - 1, AccuracyOf(wrong[best - 1])), result.Best);
        Assert.Equal((result.Best!.Loss, result.Best.TestAccuracy), (result.Loss, result.TestAccuracy));
        Assert.Equal(best * EpochLength, weights);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Kept_without_stopping_they_are_those_of_the_best_of_all(int seed)
    {
        var random = new SeededRandom((ulong)seed, "courses");
        int[] wrong = [.. Enumerable.Range(0, Epochs).Select(_ => random.NextInt(BatchSize + 1))];
        var best = 1 + Array.IndexOf(wrong, wrong.Min());
        var (result, weights) = await RunAsync(wrong, new TrainingOptions { Epochs = Epochs, KeepsBest = true });
        Assert.Equal((Epochs, best, false, AccuracyOf(wrong.Min())),
            (result.Epochs, result.Best!.Epoch, result.IsStoppedEarly, result.TestAccuracy));
        Assert.Equal(best * EpochLength, weights);
    }

    [Fact]
    public async Task A_part_of_an_epoch_is_no_candidate()
    {
        var options = new TrainingOptions { Epochs = Epochs, KeepsBest = true, MaxSteps = 8 };
        var (result, weights) = await RunAsync([1, 2, .. new int[10]], options);
        Assert.Equal((2, 8L, 1, AccuracyOf(1)), (result.Epochs, result.Steps, result.Best!.Epoch, result.TestAccuracy));
        Assert.Equal(EpochLength, weights);
        // Before the first epoch has ended there is none.
        var network = new ScriptedNetwork(Graph(), Loss.CrossEntropy);
        var early = await new TrainingLoop<float>(network, Data(), options with { MaxSteps = 2 }).RunAsync();
        Assert.Equal((null, 2L), (early.Best, early.Steps));
    }

    [Fact]
    public void What_has_not_been_kept_is_not_to_be_had()
    {
        var network = new ScriptedNetwork(Graph(), Loss.CrossEntropy);
        var options = new TrainingOptions { KeepsBest = true };
        var lost = options with { Resumed = new TrainingState(7, 1, 0.5, TimeSpan.Zero) };
        Assert.Contains("has not kept its best weights",
            Assert.Throws<ArgumentException>(() => new TrainingLoop<float>(network, Data(), lost)).Message,
            StringComparison.Ordinal);
        var kept = lost with { Resumed = lost.Resumed! with { Best = new BestEpoch(1, 1, 0.5) } };
        Assert.Throws<ArgumentException>(() => new TrainingLoop<float>(network, Data(), kept));
        // In the first epoch nothing has been lost yet.
        var first = lost with { Resumed = lost.Resumed! with { TestAccuracy = double.NaN } };
        _ = new TrainingLoop<float>(network, Data(), first);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TrainingLoop<float>(network, Data(), new TrainingOptions { Patience = 0 }));
    }

    private static async Task<(TrainingResult Result, float Weights)> RunAsync(int[] wrong, TrainingOptions options)
    {
        var network = new ScriptedNetwork(Graph(), Loss.CrossEntropy)
        { WrongAfter = steps => wrong[(steps / EpochLength) - 1] };
        var loop = new TrainingLoop<float>(network, Data(), options);
        var result = await loop.RunAsync();
        return (result, (await loop.ParametersAsync())[0].Value.Span[0]);
    }

    /// <summary>By the definition: the first epoch that lies so far behind the first best one of those up to
    /// it.</summary>
    private static (int End, int Best) Expected(int[] wrong, int patience)
    {
        for (var end = 1; ; end++)
        {
            var best = 1 + Array.IndexOf(wrong, wrong[..end].Min());
            if (end - best >= patience || end == wrong.Length) return (end, best);
        }
    }

    private static double AccuracyOf(int wrong) => (double)(BatchSize - wrong) / BatchSize;

    private static Graph<float> Graph()
    {
        var builder = new GraphBuilder<float>();
        return builder.Build(builder.Data("x", new Shape(BatchSize, 1)).Dense("out", 2));
    }

    private static DataSplit<float> Data() => new(Samples(BatchSize * EpochLength), Samples(BatchSize));

    private static Dataset<float> Samples(int count) =>
        new("samples", new Tensor<float>(new Shape(count, 1)), new int[count], 2);
}
