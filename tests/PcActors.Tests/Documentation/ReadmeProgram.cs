using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Training;

namespace PcActors.Tests.Documentation;

/// <summary>The README's program: the lines between the two marks are there word for word.</summary>
internal static class ReadmeProgram
{
    public static async Task<(double Accuracy, long Messages, bool SameBits)> RunAsync()
    {
        // From here
        var builder = new GraphBuilder<float>(seed: 1);
        var image = builder.Data("image", new Shape(32, 64)); // a batch of 32 images of 8 x 8 pixels
        var graph = builder.Build(image.Dense("hidden", 100).Tanh().Dense("digit", 10));
        var digits = DatasetLoader.Load<float>("digits");
        var options = new TrainingOptions { Epochs = 20 };

        // An actor for every vertex, learning from its neighbours' messages alone.
        await using var network =
            await Network<float>.StartAsync(graph, new NetworkOptions { Optimizer = new Sgd(0.1) });
        var result = await new TrainingLoop<float>(network, digits, options).RunAsync();
        var messages = await network.CountMessagesAsync();
        Console.WriteLine($"{result.TestAccuracy:P1} right, after {messages.Total} messages");

        // Backpropagation on the same graph, sequentially, without actors: the same weights, bit for bit.
        await using var reference = await Network<float>.StartAsync(graph,
            new NetworkOptions { Where = new Reference(), Optimizer = new Sgd(0.1) });
        await new TrainingLoop<float>(reference, digits, options).RunAsync();
        var same = Parameters.Sha256(await network.ParametersAsync())
            == Parameters.Sha256(await reference.ParametersAsync());
        Console.WriteLine($"the same bits as backpropagation: {same}");
        // To here
        return (result.TestAccuracy, messages.Total, same);
    }
}
