using System.Numerics;
using PcActors.Data;
using PcActors.Learning;

namespace PcActors.Tests.Clustering;

/// <summary>A few steps on a data set.</summary>
internal static class Training
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<(string Hash, double[] Losses)> RunAsync<T>(
        INetwork<T> network, Dataset<T> data, int batchSize, int steps, Func<int, Task>? before = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sampler = new BatchSampler<T>(data, batchSize, seed: 5);
        var losses = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            if (before is not null) await before(step);
            var batch = network.NewBatch();
            sampler.Fill(step, batch.Inputs[0], TargetEncoding.ClassIndex, batch.Target);
            losses[step] = (await network.StepAsync(batch).WaitAsync(Patience)).Loss;
        }
        return (Parameters.Sha256(await network.ParametersAsync().WaitAsync(Patience)), losses);
    }
}
