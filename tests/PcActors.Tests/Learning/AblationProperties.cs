using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Each ablation leaves out the condition that it is named after, and no other; and messages are
/// forecast under each.</summary>
public sealed class AblationProperties
{
    public static TheoryData<string> Names => [.. Ablation.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void One_condition_is_left_out(string name)
    {
        var ablation = Ablation.Parse(name);
        Assert.Equal(name, ablation.Name);
        Assert.False(ablation.Rule.RestsBehindWave);
        Assert.Equal(name != "forward-init", ablation.Rule.ForwardInitialisation);
        Assert.Equal(name != "update-time", ablation.Rule.LearnsAtLevel);
        Assert.Equal(name != "inference-rate", ablation.Rule.InferenceRate == 1);
        Assert.Equal(name != "levelling", ablation.IsLevelled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_no_rate_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ablation.Parse("inference-rate", rate));

    [Fact]
    public void An_unknown_name_is_refused_with_those_that_there_are() =>
        Assert.Contains("update-time", Assert.Throws<ArgumentException>(() => Ablation.Parse("leveling")).Message,
            StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Messages_in_closed_form_are_those_that_a_run_sends(string name)
    {
        var ablation = Ablation.Parse(name);
        const int MicroBatches = 2;
        var graph = ModelCatalogue.Build<double>("residual",
            new ModelOptions(3, new Shape(5), 4, Seed: 1) { Hidden = [6] });
        await using var network = await Network<double>.StartAsync(graph, new NetworkOptions
        {
            // How many there are does not depend on the rate, and at 1 one of the ablations diverges.
            Rule = ablation.Rule with { InferenceRate = 0.01 },
            Levelled = ablation.IsLevelled,
            Latents = Latents.Every,
            MicroBatches = MicroBatches,
            Loss = Loss.SquaredError,
        });
        var forecast = MessageForecast.Of(network.RunGraph, ablation.Rule, MicroBatches);
        var batch = network.NewBatch();
        batch.Target.Writable.Fill(1e-3);
        await network.StepAsync(batch);
        var step = await network.CountMessagesAsync();
        Assert.Equal((forecast.ValuesPerStep, forecast.ErrorsPerStep), (step.Values, step.Errors));
        await network.PredictAsync(batch);
        var prediction = await network.CountMessagesAsync();
        Assert.Equal((forecast.ValuesPerPrediction, 0),
            (prediction.Values - step.Values, prediction.Errors - step.Errors));
    }
}
