using System.Numerics;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Models;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;
using PcActors.Tracing.Audit;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Real runs break no claim, and send as many messages as the closed form says.</summary>
public class RecordedRuns
{
    private const int Steps = 3;

    public static TheoryData<string, Clock, int> Settings
    {
        get
        {
            var data = new TheoryData<string, Clock, int>();
            foreach (var model in ModelCatalogue.Names)
            {
                foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
                {
                    data.Add(model, clock, 1);
                    data.Add(model, clock, 2);
                }
            }
            return data;
        }
    }

    public static TheoryData<string> Ablations => [.. Ablation.Names];

    [Theory]
    [MemberData(nameof(Settings))]
    public Task A_run_in_single_precision_has_no_violations(string model, Clock clock, int microBatches) =>
        Check<float>(model,
            new NetworkOptions { Clock = clock, MicroBatches = microBatches, Where = new InProcess { Threads = 2 } });

    [Theory]
    [MemberData(nameof(Settings))]
    public Task A_run_in_double_precision_has_no_violations(string model, Clock clock, int microBatches) =>
        Check<double>(model,
            new NetworkOptions { Clock = clock, MicroBatches = microBatches, Optimizer = new Momentum(0.1) });

    [Theory]
    [InlineData("mlp", 1)]
    [InlineData("residual", 2)]
    [InlineData("rnn", 1)]
    public Task Inference_learning_has_no_violations(string model, int microBatches) =>
        Check<float>(model, new NetworkOptions { Rule = LearningRule.Il(4, 0.1), MicroBatches = microBatches });

    [Theory]
    [MemberData(nameof(Ablations))]
    public async Task Nor_has_Z_IL_with_a_condition_left_out_even_if_it_diverges(string name)
    {
        var ablation = Ablation.Parse(name);
        var options = new NetworkOptions { Rule = ablation.Rule, Levelled = ablation.IsLevelled, MicroBatches = 2 };
        var result = (await RecordedRun.Record(SmallModels.Build<float>("residual", 3), options)).Audit();
        Assert.Equal([], result.Checks.SelectMany(c => c.First));
        Assert.True(result.Steps > 0);
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task An_attempt_that_is_abandoned_and_made_anew_is_no_violation(Clock clock)
    {
        var abandoned = 0;
        var run = await RecordWithLoss(clock, message => message is ErrorMessage<float> { Step: { Step: 2, Run: 1 } },
            attempts: count => abandoned += count - 1);
        var result = run.Audit();
        Assert.Equal([], result.Checks.SelectMany(c => c.First));
        Assert.Equal(abandoned, result.AbandonedAttempts);
        Assert.True(result.AbandonedAttempts > 0);
        Assert.Equal(Steps, result.Steps);
    }

    [Fact]
    public async Task A_question_between_steps_that_is_lost_and_asked_again_is_no_violation()
    {
        // An attempt that a busy machine makes late would be abandoned, which is not what this is about.
        var run = await RecordWithLoss(Clock.Wavefront, message => message is RequestParameter, number: 1, timeout: 3);
        var result = run.Audit();
        Assert.Equal([], result.Checks.SelectMany(c => c.First));
        Assert.Equal((Steps, 0L), (result.Steps, result.AbandonedAttempts));
        var parameters = run.Header.Vertices.Where(v => v.Kind == PcActors.Graphs.VertexKind.Parameter);
        // Twice every parameter was asked. That only those are asked again who have not answered,
        // StepMachineProtocol shows: here an answer may be late, and its question come again.
        var asked = run.Records.Where(r => r.Kind == MessageKind.RequestParameter.Name).ToLookup(r => r.To);
        Assert.All(parameters, p => Assert.True(asked[p.Id].Count() >= 2, $"{p.Name} was not asked twice"));
    }

    /// <summary>A run in which one of such messages is lost.</summary>
    private static async Task<RecordedRun> RecordWithLoss(Clock clock, Func<object, bool> which, int number = 5,
        Action<int>? attempts = null, double timeout = 0.4)
    {
        var seen = 0;
        var system = CheatingMailbox.CreateSystem((envelope, enqueue) =>
        {
            if (!which(envelope.Message) || Interlocked.Increment(ref seen) != number) enqueue(envelope);
        });
        try
        {
            var options = new NetworkOptions
            {
                Clock = clock,
                MicroBatches = 2,
                StepTimeout = TimeSpan.FromSeconds(timeout),
                MaxRetries = 100,
                Where = new InProcess { ActorSystem = system, VertexMailbox = CheatingMailbox.Path },
            };
            return await RecordedRun.Record(ResidualStack.Build<float>(3), options, attempts: attempts);
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static async Task Check<T>(string model, NetworkOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var graph = SmallModels.Build<T>(model, 3);
        var run = await RecordedRun.Record(graph, options, Steps);
        var result = run.Audit();
        Assert.Equal([], result.Checks.SelectMany(c => c.First));
        Assert.Equal((Steps, 1L, 0L, false),
            (result.Steps, result.Predictions, result.AbandonedAttempts, result.EndsWithinStep));
        var levelled = options.Rule.RunGraphOf(graph, options.Levelled, options.Latents);
        var forecast = MessageForecast.Of(levelled, options.Rule, options.MicroBatches);
        Assert.Equal(forecast, TraceForecast.Of(run.Header));
        Assert.Equal((Steps * forecast.ValuesPerStep) + forecast.ValuesPerPrediction, result.Values);
        Assert.Equal(Steps * forecast.ErrorsPerStep, result.Errors);
    }
}
