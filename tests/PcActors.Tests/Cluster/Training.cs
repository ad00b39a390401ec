using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Runs;

namespace PcActors.Tests.Cluster;

/// <summary>A few steps on a data set.</summary>
internal static class Training
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<(string Hash, double[] Losses, int[] Attempts)> RunAsync<T>(
        INetwork<T> network, Dataset<T> data, int batchSize, int steps, Func<int, Task>? before = null, int from = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sampler = new BatchSampler<T>(data, batchSize, seed: 5);
        var (losses, attempts) = (new double[steps], new int[steps]);
        for (var step = from; step < steps; step++)
        {
            if (before is not null) await before(step);
            var batch = network.NewBatch();
            sampler.Fill(step, batch.Inputs[0], TargetEncoding.ClassIndex, batch.Target);
            var result = await network.StepAsync(batch).WaitAsync(Patience);
            (losses[step], attempts[step]) = (result.Loss, result.Attempts);
        }
        return (Parameters.Sha256(await network.ParametersAsync().WaitAsync(Patience)), losses, attempts);
    }
}
