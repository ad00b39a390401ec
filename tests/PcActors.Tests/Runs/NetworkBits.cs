using System.Numerics;
using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Runs;

/// <summary>The same weights, to the bit, from the sequential reference and from actors:
/// for any number of threads, both clocks, every optimizer and both precisions, on the digits.</summary>
public class NetworkBits
{
    private const int BatchSize = 24;
    private const int Steps = 5;

    public static TheoryData<string, int> Networks => new()
    {
        { "mlp", 1 }, { "mlp", 3 }, { "residual", 1 }, { "residual", 2 }, { "cnn", 2 }, { "alexnet", 1 }, { "rnn", 2 },
        { "lstm", 1 },
        { "resnet18", 2 }, { "transformer", 1 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Single_precision_with_plain_descent(string model, int microBatches) =>
    Check<float>(model, microBatches, new Sgd(0.2));

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Double_precision_with_momentum(string model, int microBatches) =>
    Check<double>(model, microBatches, new Momentum(0.05));

    [Theory]
    [MemberData(nameof(Networks))]
    public Task Single_precision_with_Adam(string model, int microBatches) =>
    Check<float>(model, microBatches, new Adam(0.01));

    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public Task A_split_network(int blocks) => Check<float>("mlp", 2, new Sgd(0.2), blocks);

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("mlp", Granularity.Unit)]
    [InlineData("mlp", Granularity.Scalar)]
    [InlineData("residual", Granularity.Scalar)]
    [InlineData("cnn", Granularity.Unit)]
    public Task A_finer_network(string model, Granularity granularity) =>
    Check<float>(model, 2, new Sgd(0.2), granularity: granularity);

    private static async Task Check<T>(
        string model, int microBatches, Optimizer optimizer, int blocks = 1,
        Granularity granularity = Granularity.Tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var data = EmbeddedDigits.Load<T>().Standardized().Train;
        var graph = Refinement.Refine(Partition.Split(SmallModels.Build<T>(model, BatchSize / microBatches), blocks),
            granularity);
        string expected;
        double[] expectedLosses;
        await using (var reference =
            await ReferenceNetwork.StartAsync<T>(graph, Loss.CrossEntropy, optimizer, microBatches))
            (expected, expectedLosses) = await Train(reference, data);
        Assert.NotEqual(Parameters.Sha256(Parameters.Join(graph, id => graph.Vertices[id].Initial!)), expected);

        foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
        {
            // 0 stands for one thread for each processor; the last run is the first one again.
            foreach (var threads in new[] { 1, 2, 0, 1 })
            {
                var options = new NetworkOptions
                {
                    Clock = clock,
                    Where = new InProcess { Threads = threads },
                    MicroBatches = microBatches,
                    Optimizer = optimizer
                };
                await using var network = await Network<T>.StartAsync(graph, options);
                var (hash, losses) = await Train(network, data);
                Assert.Equal(expectedLosses, losses);
                Assert.Equal(expected, hash);
            }
        }
    }

    private static async Task<(string Hash, double[] Losses)> Train<T>(Network<T> network, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sampler = new BatchSampler<T>(data, BatchSize, seed: 5);
        var steps = new List<Task<StepResult>>();
        for (var step = 0; step < Steps; step++)
        {
            var batch = network.NewBatch();
            sampler.Fill(step, batch.Inputs[0], TargetEncoding.ClassIndex, batch.Target);
            // All at once: steps queue up behind each other.
            steps.Add(network.StepAsync(batch));
        }
        var results = await Task.WhenAll(steps);
        return (Parameters.Sha256(await network.ParametersAsync()), [.. results.Select(r => r.Loss)]);
    }
}
