using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>trace --light-cone: how far a disturbance gets.</summary>
public sealed class LightCones
{
    [Theory]
    [InlineData("mlp", "hidden1", "--hidden", "6,5")]
    [InlineData("rnn", "layer1/step3/tanh", "--hidden", "5")]
    [InlineData("residual", "block2", "--hidden", "4")]
    public async Task A_disturbance_stays_within_its_light_cone(string model, string vertex, string option,
        string value)
    {
        var run =
            await Pcnode.RunAsync("trace", model, "--light-cone", vertex, option, value, "--blocks", "1", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("contained").GetBoolean());
        var steps = run.Json.Where(j => j.GetProperty("event").GetString() == "lightConeStep").ToList();
        Assert.Equal(Enumerable.Range(0, steps.Count), steps.Select(s => s.GetProperty("timesteps").GetInt32()));
        Assert.All(steps, s =>
        {
            Assert.InRange(s.GetProperty("largestDistance").GetInt32(), 0, s.GetProperty("distanceLimit").GetInt32());
            // At a rate of 1 the disturbance leaves the graph at its leaves: by the last timestep nothing need be left.
            var least = s.GetProperty("timesteps").GetInt32() < steps.Count - 1 ? 1 : 0;
            Assert.InRange(s.GetProperty("differing").GetInt32(), least, s.GetProperty("reachable").GetInt32());
        });
        Assert.True(
            steps.Max(s => s.GetProperty("differing").GetInt32()) > steps[0].GetProperty("differing").GetInt32());
    }

    [Theory]
    [InlineData("--rule bp", "--rule")]
    [InlineData("--steps 3", "--steps")]
    [InlineData("--optimizer adam", "--optimizer")]
    [InlineData("--threads 2", "--threads")]
    [InlineData("--at 1000", "--at")]
    public Task What_it_does_not_heed_is_refused(string options, string word) => Pcnode.RefusesAsync(
        ExitCode.BadInput, [word],
        ["trace", "mlp", "--hidden", "6", "--blocks", "1", "--light-cone", "hidden1", .. options.Split(' ')]);

    [Fact]
    public async Task A_disturbance_may_come_later()
    {
        var run = await Pcnode.RunAsync("trace", "mlp", "--hidden", "6,5", "--blocks", "1", "--light-cone", "hidden1",
            "--at", "2", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("contained").GetBoolean());
        Assert.Equal(2, run.Last.GetProperty("at").GetInt32());
        var text = await Pcnode.RunAsync("trace", "mlp", "--hidden", "6,5", "--blocks", "1", "--light-cone", "hidden1",
            "--at", "2");
        Assert.Contains("'hidden1' is disturbed at time 2;", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_shown_as_a_table()
    {
        var run = await Pcnode.RunAsync("trace", "mlp", "--hidden", "6", "--blocks", "1", "--light-cone", "hidden1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("nothing outside the light cone differs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public Task An_unknown_vertex_is_refused_with_the_nearest() =>
        Pcnode.RefusesAsync(ExitCode.BadInput, ["--light-cone", "hiden1", "did you mean 'hidden1'"], "trace", "mlp",
            "--hidden", "6", "--blocks", "1", "--light-cone", "hiden1");

    [Fact]
    public Task A_vertex_that_holds_no_value_is_refused_with_those_that_do() =>
        Pcnode.RefusesAsync(ExitCode.BadInput,
            ["'hidden1/0'", "is direct", "latent are 'hidden1/tanh', 'hidden2/tanh'"],
            "trace", "mlp", "--hidden", "6,5", "--blocks", "2", "--light-cone", "hidden1/0", "--rule", "il");

    [Fact]
    public Task It_records_nothing() =>
        Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "--light-cone"], "trace", "mlp", "--light-cone", "hidden1",
            "--out", "a.trace");
}
