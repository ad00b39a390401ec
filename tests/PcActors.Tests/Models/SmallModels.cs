using System.Numerics;
using PcActors.Graphs;
using PcActors.Models;
using PcActors.Tensors;

namespace PcActors.Tests.Models;

/// <summary>Every ready-made architecture at a size that a test takes milliseconds for, on images of 8 x 8.</summary>
internal static class SmallModels
{
    public const int Classes = 10;

    public static TheoryData<string> Names => [.. ModelCatalogue.Names];

    public static Graph<T> Build<T>(string name, int microBatchSize, ulong seed = 7)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new ModelOptions(microBatchSize, new Shape(64), Classes, seed);
        return ModelCatalogue.Build<T>(name, name switch
        {
            "mlp" => options with { Hidden = [12, 7] },
            "cnn" => options with { Channels = [4, 5], Hidden = [8] },
            "alexnet" => options with { Channels = [3, 4, 5, 4, 3], Hidden = [8, 7] },
            "rnn" => options with { Hidden = [9] },
            "lstm" => options with { Hidden = [6, 5] },
            "resnet18" => options with { Channels = [4, 8, 8, 12], Layers = 1 },
            "transformer" => options with { Width = 8, Heads = 2, Hidden = [12] },
            "residual" => options with { Hidden = [9] },
            _ => throw new ArgumentException($"give the model '{name}' a small size here", nameof(name)),
        });
    }
}
