using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>The hash of the weights is the same for whatever must change no bit, and another where the
/// mathematics differ.</summary>
public sealed class TrainBits
{
    public static TheoryData<string, string, string> Networks()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var dtype in new[] { "f32", "f64" })
        {
            foreach (var optimizer in new[] { "sgd", "momentum", "adam", "adamw" })
            {
                foreach (var micro in new[] { "1", "2" }) data.Add(dtype, optimizer, micro);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public async Task Rule_clock_threads_and_repetition_change_no_bit(string dtype, string optimizer, string micro)
    {
        string[] common = ["--dtype", dtype, "--optimizer", optimizer, "--micro", micro, "--schedule",
            optimizer == "adamw" ? "cosine:steps=5,warmUp=2" : "constant"];
        var reference = await HashAsync([.. common, "--rule", "bp"]);
        Assert.Matches("^[0-9a-f]{64}$", reference);
        Assert.Equal(reference, await HashAsync([.. common, "--rule", "bp"]));
        Assert.Equal(reference, await HashAsync(common));
        Assert.Equal(reference, await HashAsync([.. common, "--threads", "1"]));
        Assert.Equal(reference,
            await HashAsync([.. common, "--threads", "3", "--rule", "zil", "--clock", "wavefront"]));
        Assert.Equal(reference, await HashAsync([.. common, "--clock", "lockstep"]));
    }

    [Theory]
    [InlineData("--rule", "il")]
    [InlineData("--seed", "1")]
    [InlineData("--steps", "5")]
    [InlineData("--loss", "cross-entropy")]
    [InlineData("--learning-rate", "0.003")]
    [InlineData("--weight-decay", "0.1")]
    [InlineData("--schedule", "cosine:steps=40")]
    [InlineData("--optimizer", "adamw")]
    public async Task Another_rule_seed_length_loss_or_rate_gives_other_weights(string option, string value) =>
        Assert.NotEqual(await HashAsync([]), await HashAsync([option, value]));

    private static async Task<string> HashAsync(string[] options)
    {
        string[] defaults = options.Contains("--steps") ? [] : ["--steps", "4"];
        var run = await Pcnode.RunAsync(["train", "residual", "--hidden", "6", "--json", .. defaults, .. options]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        return run.Last.GetProperty("weightsSha256").GetString()!;
    }
}
