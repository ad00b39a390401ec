using System.Globalization;
using PcActors.Cluster;
using PcActors.Data;
using PcActors.Data.Digits;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>One script for a network at every place: every answer is the same, those after an error and after the end among them.</summary>
public sealed class NetworkContract
{
    private const int BatchSize = 24;

    [Fact]
    public async Task A_network_answers_alike_wherever_it_runs()
    {
        await using var cluster = await LocalCluster.StartAsync(2);
        var expected = await PlayAsync(new Reference());
        Assert.Equal(expected, await PlayAsync(new InProcess()));
        Assert.Equal(expected, await PlayAsync(new OnNodes(cluster.Coordinator) { Nodes = 2, SnapshotEvery = 2 }));
    }

    private static async Task<List<string>> PlayAsync(NetworkPlace where)
    {
        var answers = new List<string>();
        var options = new NetworkOptions { Where = where, MicroBatches = 2, Optimizer = new Adam(0.01) };
        var graph = SmallModels.Build<float>("mlp", BatchSize / 2);
        NetworkSnapshot<float> snapshot;
        await using (var network = await Network<float>.StartAsync(graph, options))
        {
            await StepsAsync(network, 0, 3);
            answers.Add(Parameters.Sha256([new NamedTensor<float>("prediction", await network.PredictAsync(BatchOf(network, 7)).WaitAsync(Training.Patience))]));
            // Predictions are no steps.
            await StepsAsync(network, 3, 5);
            snapshot = await network.SnapshotAsync().WaitAsync(Training.Patience);
            await StepsAsync(network, 5, 6);
            await EndAsync(network);
        }
        await using (var network = await Network<float>.StartAsync(graph, options, snapshot))
        {
            await StepsAsync(network, 5, 6);
            var batch = network.NewBatch();
            batch.Inputs[0].Writable.Fill(float.NaN);
            answers.Add((await Assert.ThrowsAsync<DivergedException>(() => network.StepAsync(batch).WaitAsync(Training.Patience))).Message);
            foreach (var call in CallsOf(network))
                answers.Add((await Assert.ThrowsAsync<DivergedException>(() => call().WaitAsync(Training.Patience))).Message);
        }
        return answers;

        async Task StepsAsync(Network<float> network, int from, int to)
        {
            for (var step = from; step < to; step++)
            {
                var (number, loss, attempts) = await network.StepAsync(BatchOf(network, step)).WaitAsync(Training.Patience);
                answers.Add(string.Create(CultureInfo.InvariantCulture, $"step {number}: {loss:R}, at attempt {attempts}"));
            }
            answers.Add(Parameters.Sha256(await network.ParametersAsync().WaitAsync(Training.Patience)));
        }

        async Task EndAsync(Network<float> network)
        {
            var after = await network.SnapshotAsync().WaitAsync(Training.Patience);
            answers.Add(string.Create(CultureInfo.InvariantCulture, $"{snapshot.Step} and {after.Step}"));
            await network.DisposeAsync();
            foreach (var call in CallsOf(network)) answers.Add((await Assert.ThrowsAsync<ObjectDisposedException>(call)).ObjectName);
        }
    }

    private static Batch<float> BatchOf(Network<float> network, int step)
    {
        var batch = network.NewBatch();
        new BatchSampler<float>(EmbeddedDigits.Load<float>().Train, BatchSize, seed: 5).Fill(step, batch.Inputs[0], TargetEncoding.ClassIndex, batch.Target);
        return batch;
    }

    private static Func<Task>[] CallsOf(Network<float> network) =>
    [
        () => network.StepAsync(network.NewBatch()),
        () => network.PredictAsync(network.NewBatch()),
        network.ParametersAsync,
        network.SnapshotAsync,
        network.CountMessagesAsync,
    ];
}
