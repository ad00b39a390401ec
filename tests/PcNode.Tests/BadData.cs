using System.Buffers.Binary;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Data that cannot be used end with 2 and one line that names the file.</summary>
public sealed class BadData
{
    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("1,2,0\n3,oops,1\n", "line 2, column 2")]
    [InlineData("1,2,0\n3,NaN,1\n", "not finite")]
    [InlineData("1,2,0\n3,inf,1\n", "line 2, column 2")]
    [InlineData("1,2,0\n3,4,-1\n", "'-1' is not a label")]
    [InlineData("1,2,0\n3,4,70000\n", "'70000' is not a label")]
    [InlineData("1,2,0\n3,4,1.5\n", "'1.5' is not a label")]
    [InlineData("1,2,0\n3,1\n", "line 2")]
    [InlineData("1,2,0\n3,4,0\n5,6,0\n", "at least two classes")]
    [InlineData("1,2,0\n", "data.csv")]
    public async Task A_table_that_is_wrong_is_named(string text, string words)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("data.csv", text);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["data.csv", words], "train", "--data", path, "--batch", "1");
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["nowhere.csv", "no such file"], "train", "--data",
            folder["nowhere.csv"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["nowhere", "no such data set"], "train", "--data",
            folder["nowhere"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["no train images"], "train", "--data", folder.Path);
    }

    [Fact]
    public async Task A_file_that_is_cut_short_is_named()
    {
        using var folder = new TemporaryFolder();
        var images = new byte[16 + (10 * 4)];
        BinaryPrimitives.WriteInt32BigEndian(images, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4), 10);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(8), 2);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(12), 2);
        File.WriteAllBytes(folder["train-images-idx3-ubyte"], images[..^3]);
        File.WriteAllBytes(folder["train-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["train-images-idx3-ubyte", "cut short"], "train", "--data",
            folder.Path);
    }

    [Fact]
    public async Task Data_that_do_not_fit_a_network_are_named()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Write("data.csv",
            string.Concat(Enumerable.Range(0, 12).Select(i => $"{i},{i % 5},{i % 3},{i % 2}\n")));
        var network = folder.Write("net.conf", """
            pcactors { batch = 2, data = data.csv, graph {
              data { x = [5] }, parameters { w { shape = [5, 2] } }, vertices { y { op = MatMul, inputs = [x, w] } } } }
            """);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [data, "3 numbers each", "'x' takes 5"], "train", network);
    }

    [Fact]
    public async Task Classes_that_do_not_fit_a_network_are_named()
    {
        using var folder = new TemporaryFolder();
        var network = folder.Write("net.conf", """
            pcactors { graph {
              data { x = [64] }, parameters { w { shape = [64, 7] } }, vertices { y { op = MatMul, inputs = [x, w] } } } }
            """);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["10 classes", "'y' predicts 7"], "train", network);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["10 classes", "'y' predicts 7"], "verify", network);
    }

    [Fact]
    public async Task A_loss_that_diverges_ends_with_3_and_names_step_and_vertex()
    {
        foreach (var rule in new[] { "zil", "bp" })
        {
            await Pcnode.RefusesAsync(
                ExitCode.RunFailed, ["diverged at step ", "first vertex with a value that is not finite is '"],
                "train", "--hidden", "8", "--optimizer", "sgd", "--learning-rate", "1e20", "--loss", "squared-error",
                "--rule", rule);
        }
    }
}
