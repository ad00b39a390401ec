using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Reference;
using PcActors.Runs;
using PcActors.Testing;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>Messages that are lost, late or doubled on real actors: the parameters come out
/// with the bits of the undisturbed run.</summary>
public class NetworkFaults
{
    private const int Steps = 4;
    private const int MicroBatches = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly Graph<float> Graph = ResidualStack.Build<float>(3);

    public static TheoryData<Clock, Fate, bool> Faults
    {
        get
        {
            var data = new TheoryData<Clock, Fate, bool>();
            foreach (var clock in new[] { Clock.Wavefront, Clock.Lockstep })
            {
                foreach (var fate in new[] { Fate.IsLost, Fate.ArrivesLate, Fate.ArrivesTwice, Fate.ArrivesAgainLate })
                {
                    data.Add(clock, fate, true);
                    data.Add(clock, fate, false);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task One_message_in_a_step_goes_wrong_and_no_bit_does(Clock clock, Fate fate, bool isError)
    {
        var struck = 0;
        // In step 2, once: the fifth value or error.
        Fate FateOf(object message) =>
            IsStruck(message, isError) && Interlocked.Increment(ref struck) == 5 ? fate : Fate.Arrives;
        var isWaitedFor = fate is Fate.IsLost or Fate.ArrivesLate;
        var (disturbed, attempts) = await Train(clock, FateOf, isWaitedFor ? TimeSpan.FromMilliseconds(400) : Patience);
        var (plain, _) = await Train(clock, _ => Fate.Arrives, Patience);
        Assert.True(struck >= 5);
        Assert.Equal(plain, disturbed);
        Assert.Equal(Backpropagated(), disturbed);
        if (isWaitedFor) Assert.True(attempts[1] > 1);
        else Assert.All(attempts, a => Assert.Equal(1, a));
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task Many_messages_go_wrong_and_no_bit_does(Clock clock)
    {
        var count = 0;
        Fate FateOf(object message)
        {
            var number = Interlocked.Increment(ref count);
            if (number > 2_000 || number % 97 != 0) return Fate.Arrives;
            return (Fate)(1 + (number / 97 % 4));
        }
        var (disturbed, _) = await Train(clock, FateOf, TimeSpan.FromMilliseconds(200));
        Assert.Equal(Backpropagated(), disturbed);
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task A_value_that_is_lost_on_the_way_to_a_prediction_is_sent_again(Clock clock)
    {
        var values = 0;
        Fate FateOf(object message) =>
            message is ValueMessage<float> && Interlocked.Increment(ref values) == 5 ? Fate.IsLost : Fate.Arrives;
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(FateOf));
        await using var network = await Network<float>.StartAsync(
            Graph,
            Options(clock,
                TimeSpan.FromMilliseconds(200)) with
            {
                Where = new InProcess
                {
                    ActorSystem = system.System,
                    VertexMailbox = FaultyMailbox.Path
                }
            });
        var batch = RandomBatch.Create(Graph, Loss.CrossEntropy, MicroBatches, 1);
        var prediction = await network.PredictAsync(batch).WaitAsync(Patience);
        var reference = new Backpropagation<float>(Graph, Loss.CrossEntropy, new Sgd(1), MicroBatches);
        float[] expected = [
            .. Enumerable.Range(0, MicroBatches).SelectMany(m => reference.Predict(batch, m).Span.ToArray())];
        Assert.Equal(expected, prediction.Span.ToArray());
    }

    [Theory]
    [InlineData(Clock.Wavefront)]
    [InlineData(Clock.Lockstep)]
    public async Task A_message_that_is_always_lost_fails_the_run_and_says_what_is_missing(Clock clock)
    {
        var bias = Levelling.Level(Graph).Consumers(Levelling.Level(Graph).Find("bias1").Id)[0].Number;
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(
            m => m is ErrorMessage<float> e && e.Edge == bias ? Fate.IsLost : Fate.Arrives));
        await using var network =
            await Network<float>.StartAsync(Graph, Options(clock, TimeSpan.FromMilliseconds(150)) with
            {
                Where = new InProcess { ActorSystem = system.System, VertexMailbox = FaultyMailbox.Path },
                MaxRetries = 2,
            });
        var failure = await Assert.ThrowsAsync<RunFailedException>(
            () => network.StepAsync(RandomBatch.Create(Graph, Loss.CrossEntropy, MicroBatches, 1)).WaitAsync(Patience));
        Assert.Contains("'bias1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("3 times", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fate.IsLost)]
    [InlineData(Fate.ArrivesTwice)]
    public async Task A_parameter_that_is_asked_for_has_the_last_update_whatever_becomes_of_the_question(Fate fate)
    {
        var asked = 0;
        Fate FateOf(object message) =>
            message is RequestParameter && Interlocked.Increment(ref asked) == 1 ? fate : Fate.Arrives;
        var (disturbed, _) =
            await Train(Clock.Wavefront, FateOf, fate == Fate.IsLost ? TimeSpan.FromMilliseconds(400) : Patience);
        Assert.True(asked >= 1);
        Assert.Equal(Backpropagated(), disturbed);
    }

    private static bool IsStruck(object message, bool isError) => isError
        ? message is ErrorMessage<float> { Step: { Step: 2, Run: 1 } }
        : message is ValueMessage<float> { Step: { Step: 2, Run: 1 } };

    private static NetworkOptions Options(Clock clock, TimeSpan timeout) => new()
    {
        Clock = clock,
        Optimizer = new Momentum(0.05),
        MicroBatches = MicroBatches,
        StepTimeout = timeout,
        MaxRetries = 1_000,
    };

    private static async Task<(string Hash, int[] Attempts)> Train(Clock clock, Func<object, Fate> fault,
        TimeSpan timeout)
    {
        await using var system = new DisposableSystem(FaultyMailbox.CreateSystem(fault));
        await using var network = await Network<float>.StartAsync(
            Graph,
            Options(clock,
                timeout) with
            {
                Where = new InProcess
                {
                    ActorSystem = system.System,
                    VertexMailbox = FaultyMailbox.Path
                }
            });
        var attempts = new int[Steps];
        for (var step = 0; step < Steps; step++)
        {
            var batch = RandomBatch.Create(Graph, Loss.CrossEntropy, MicroBatches, (ulong)step);
            attempts[step] = (await network.StepAsync(batch).WaitAsync(Patience)).Attempts;
        }
        return (Parameters.Sha256(await network.ParametersAsync().WaitAsync(Patience)), attempts);
    }

    private static string Backpropagated()
    {
        var reference = new Backpropagation<float>(Graph, Loss.CrossEntropy, new Momentum(0.05), MicroBatches);
        for (var step = 0; step < Steps; step++)
            reference.Step(RandomBatch.Create(Graph, Loss.CrossEntropy, MicroBatches, (ulong)step));
        return Parameters.Sha256(Parameters.Join(Graph, reference.Parameter));
    }
}
