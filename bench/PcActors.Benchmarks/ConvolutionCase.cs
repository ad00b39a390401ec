using System.Diagnostics;
using System.Globalization;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Benchmarks;

/// <summary>The passes of a convolution.</summary>
internal enum ConvolutionPass
{
    Forward,
    Input,
    Weight,
}

/// <summary>A two-dimensional convolution to time, in float32, without a bias; square images and kernels.</summary>
internal sealed record ConvolutionCase(int Samples, int Inputs, int Extent, int Outputs, int Kernel, int Stride = 1,
    int Group = 1)
{
    /// <summary>The first layers of small networks, the layers of residual ones, and what
    /// mobile ones are made of.</summary>
    public static IReadOnlyList<ConvolutionCase> All { get; } =
    [
        new(32, 64, 32, 64, 3),
        new(32, 3, 32, 64, 5),
        new(32, 128, 8, 128, 3),
        new(32, 1, 28, 32, 3),
        new(32, 32, 14, 64, 3),
        new(32, 64, 32, 128, 3, Stride: 2),
        new(32, 64, 16, 64, 1),
        new(32, 512, 4, 512, 3),
        new(32, 64, 32, 64, 3, Group: 64),
    ];

    private int Pad => Kernel / 2;

    /// <summary>Operations of one pass.</summary>
    public double Operations =>
        2.0 * Samples * Outputs * OutputExtent * OutputExtent * Inputs / Group * Kernel * Kernel;

    private int OutputExtent => ((Extent + (2 * Pad) - Kernel) / Stride) + 1;

    /// <summary>What the peer is asked for.</summary>
    public string Question(ConvolutionPass pass, int steps) => string.Create(
        CultureInfo.InvariantCulture,
        $"{pass.ToString().ToLowerInvariant()} {Samples} {Inputs} {Extent} {Outputs} {Kernel} {Stride} {Pad} {Group} "
        + $"{steps}");

    /// <summary>This library's pass, as something to repeat.</summary>
    public Action Own(ConvolutionPass pass)
    {
        var function = OperatorCatalogue.Create<float>(
            "Conv",
            Attributes.Of(("strides", (int[])[Stride, Stride]), ("pads", (int[])[Pad, Pad, Pad, Pad]),
                ("group", Group)));
        var random = new Random(1);
        var x = Draw(random, new Shape(Samples, Inputs, Extent, Extent));
        var w = Draw(random, new Shape(Outputs, Inputs / Group, Kernel, Kernel));
        Tensor<float>[] inputs = [x, w];
        var mu = new Tensor<float>(function.InferShape([x.Shape, w.Shape]));
        if (pass == ConvolutionPass.Forward) return () => function.Predict(inputs, mu);
        var error = Draw(random, mu.Shape);
        var input = pass == ConvolutionPass.Input ? 0 : 1;
        var result = new Tensor<float>(inputs[input].Shape);
        return () => function.PullBack(input, inputs, mu, error, result);
    }

    public override string ToString() =>
        $"{Samples}x{Inputs}x{Extent}x{Extent} to {Outputs}, "
        + $"{Kernel}x{Kernel}{(Stride > 1 ? $", stride {Stride}" : "")}{(Group > 1 ? $", {Group} groups" : "")}";

    private static Tensor<float> Draw(Random random, Shape shape)
    {
        var tensor = new Tensor<float>(shape);
        foreach (ref var element in tensor.Writable) element = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}

/// <summary>One pass of ours under the clock.</summary>
internal sealed class ConvolutionContestant(Action pass) : IContestant
{
    public string Name => "PcActors";

    public Task<double> RunAsync(int steps)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < steps; i++) pass();
        return Task.FromResult(Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The same pass of PyTorch's, on one thread. The peer outlives it.</summary>
internal sealed class PyTorchConvolution(PyTorchPeer peer, ConvolutionCase convolution, ConvolutionPass pass)
    : IContestant
{
    public string Name => "PyTorch";

    public Task<double> RunAsync(int steps) => peer.MillisecondsAsync(convolution.Question(pass, steps));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
