using System.Globalization;
using PcActors.Training;
using PcNode.Output;
using PcNode.Tests.Harness;

namespace PcNode.Tests.CommandLine;

/// <summary>Property: what is printed for people fits their terminal, whatever its width,
/// and no number is cut.</summary>
public sealed class Widths : IDisposable
{
    private static readonly int[] Columns = [40, 60, 80, 100, 200];

    private static readonly string[] CommandLines =
    [
        "verify mlp residual --hidden 4 --ablate levelling --ablate inference-rate --steps 1",
        "verify mlp --hidden 4",
        "verify residual --hidden 4 --ablate inference-rate --inference-rate 1e30 --steps 2",
        "train mlp --hidden 4 --epochs 2",
        "trace mlp --hidden 4 --out FOLDER/mlp.trace --payloads",
        "audit FOLDER/mlp.trace --recompute all",
        "trace rnn --hidden 4 --light-cone layer1/step3/tanh",
        "inspect mlp --hidden 4",
        "inspect residual --hidden 4 --vertices",
        "inspect residual --hidden 4 --nodes 3",
        "train residual --hidden 4 --steps 8 --checkpoint FOLDER/run",
        "checkpoints FOLDER/run",
        "checkpoints FOLDER/run --export FOLDER/model.onnx",
        "bench mlp --hidden 4 --turns 1 --inference-steps 1",
    ];

    private readonly TemporaryFolder _folder = new();

    /// <summary>Widths of terminals.</summary>
    public static TheoryData<int> Sizes => [40, 60, 80, 100, 200];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task No_line_is_longer_and_no_number_is_cut(int width)
    {
        foreach (var line in CommandLines)
        {
            var (code, lines) = await FakeTerminal.RunAsync(width,
                [.. line.Split(' ').Select(w => w.Replace("FOLDER", _folder["."], StringComparison.Ordinal))]);
            Assert.True(code is ExitCode.Done or ExitCode.CheckFailed, $"{line}: {string.Join('\n', lines)}");
            Assert.All(lines, shown =>
            {
                Assert.True(shown.Length <= width, $"{line}: at {width} columns: {shown}");
                Assert.DoesNotContain('…', shown);
            });
        }
    }

    [Fact]
    public void The_line_of_a_run_keeps_what_matters_most()
    {
        var progress = new TrainingProgress(3, 60, 123_456, 2_760_000, 0.12345, 0.9733, TimeSpan.FromSeconds(3725));
        foreach (var width in Enumerable.Range(40, 161))
        {
            var line = TrainingReport.Line(progress, width);
            Assert.InRange(line.Length, 0, width);
            Assert.StartsWith("epoch 3/60", line, StringComparison.Ordinal);
            Assert.Contains("loss 0.1235", line, StringComparison.Ordinal);
        }
        Assert.Contains("accuracy 97.33 %  22:05:51 left", TrainingReport.Line(progress, 100),
            StringComparison.Ordinal);
        Assert.Contains("33 steps/s", TrainingReport.Line(progress, 100), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 12, "  4.0 s/step  ")]
    [InlineData(1, 90, "  90.0 s/step  ")]
    [InlineData(3, 3, "  1 steps/s  ")]
    [InlineData(0, 3, "  0 steps/s  ")]
    public void Slow_steps_are_told_by_their_seconds(long steps, int seconds, string words)
    {
        var progress = new TrainingProgress(1, 60, steps, 2_760, 0.1, null, TimeSpan.FromSeconds(seconds));
        Assert.Contains(words, TrainingReport.Line(progress, 120), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verdict_comes_first_and_is_a_sentence()
    {
        foreach (var width in Columns)
        {
            var (_, same) = await FakeTerminal.RunAsync(width, "verify", "mlp", "--hidden", "4");
            Assert.StartsWith("Bit-identical: in mlp", same[0], StringComparison.Ordinal);
            var (code, lines) =
                await FakeTerminal.RunAsync(width, "verify", "residual", "--hidden", "4", "--ablate", "levelling");
            Assert.Equal(ExitCode.CheckFailed, code);
            Assert.StartsWith("Different: in residual", lines[0], StringComparison.Ordinal);
            Assert.Contains(lines, l => l.Contains("distance", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("momentum")]
    [InlineData("sgd")]
    public async Task The_distance_is_that_of_one_step_of_SGD_whatever_the_optimizer(string optimizer)
    {
        string[] common = ["verify", "residual", "--hidden", "6", "--dtype", "f64", "--ablate", "levelling", "--json"];
        var single = (await Pcnode.RunAsync([.. common, "--optimizer", "sgd", "--steps", "1"])).Last;
        var expected = single.GetProperty("euclideanDistance").GetDouble()
            / single.GetProperty("updateNorm").GetDouble();
        var result = (await Pcnode.RunAsync([.. common, "--optimizer", optimizer, "--learning-rate", "0.0625"])).Last;
        // Another rate changes both by the same factor, but for rounding.
        Assert.Equal(expected, result.GetProperty("relativeDistance").GetDouble(), 1e-9);
        Assert.True(expected > 0, expected.ToString(CultureInfo.InvariantCulture));
    }
}
