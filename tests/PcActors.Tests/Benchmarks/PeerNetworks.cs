using System.Diagnostics;
using PcActors.Benchmarks;
using PcActors.Tensors;
using PcActors.Tests.Documentation;

namespace PcActors.Tests.Benchmarks;

/// <summary>What networks of model files are measured beside: the networks of <c>bench/peers/exported_networks.py</c>,
/// where they are the same.</summary>
public class PeerNetworks
{
    private const string Python = "/usr/bin/python3";

    private static readonly PeerNetwork Lstm = new("lstm-operator", 82_186, [64, 28, 28]);

    [Fact]
    public void A_network_of_the_same_sizes_is_compared() =>
        Assert.Null(Lstm.Difference(82_186, [new Shape(64, 28, 28)]));

    [Fact]
    public void One_of_the_same_name_and_other_parameters_is_not() => Assert.Equal(
        "82,187 parameters of the file learn, and 82,186 of PyTorch's 'lstm-operator'",
        Lstm.Difference(82_187, [new Shape(64, 28, 28)]));

    [Theory]
    [InlineData(32, 28, 28)]
    [InlineData(64, 50, 28)]
    [InlineData(64, 784)]
    public void Nor_is_one_of_another_batch_or_longer_sequences(params int[] shape)
    {
        var input = new Shape(shape);
        Assert.Equal(
            $"the file takes {input}, PyTorch's 'lstm-operator' [64, 28, 28]", Lstm.Difference(82_186, [input]));
    }

    [Fact]
    public void Nor_is_one_of_several_inputs() => Assert.Equal(
        "the file takes [64, 28, 28] and [64], PyTorch's 'lstm-operator' [64, 28, 28]",
        Lstm.Difference(82_186, [new Shape(64, 28, 28), new Shape(64)]));

    [SkippableFact]
    public async Task The_peer_knows_a_network_by_other_names_too()
    {
        var (output, _) = await AskAsync("", "--sizes", "rnn-fused", "lstm", "resnet18-cifar", "lstm-operator");
        var sizes = output.Split('\n').Select(PeerNetwork.Parse).ToList();
        Assert.Equal(
            ["rnn-operator", "lstm-operator", "resnet18-small-stem", "lstm-operator"],
            sizes.Select(one => one.Network));
        Assert.Equal([21_514, 82_186, 11_173_962, 82_186], sizes.Select(one => one.Parameters));
        Assert.Null(sizes[1].Difference(Lstm.Parameters, [new Shape(Lstm.Batch)]));
    }

    [SkippableFact]
    public async Task It_times_one_by_its_other_name_and_refuses_a_name_that_it_does_not_know()
    {
        var (output, error) = await AskAsync("1 1 rnn-fused\n1 1 tower of babel\n", "--serve");
        Assert.Contains("\"step\": \"rnn-fused\"", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
        Assert.StartsWith(
            "exported_networks.py does not know 'tower of babel'; it knows alexnet, cnn, ", error,
            StringComparison.Ordinal);
        Assert.Contains(" lstm, lstm-operator, mlp, ", error, StringComparison.Ordinal);
    }

    private static async Task<(string Output, string Error)> AskAsync(string input, params string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "bench", "peers", "exported_networks.py");
        Skip.IfNot(File.Exists(Python), $"there is no {Python}");
        var (output, error) = await RunAsync(input, [script, .. arguments]);
        Skip.If(error.Contains("No module named 'torch'", StringComparison.Ordinal),
            "PyTorch is not installed (Debian's package python3-torch)");
        return (output, error);
    }

    private static async Task<(string Output, string Error)> RunAsync(string input, string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output.Trim(), await error);
    }
}
