using System.Numerics;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Learning.Vertices;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>Optimizers against their published formulas and against sequences worked out by hand.</summary>
public class OptimizerFormulas
{
    // More than one stretch of the vectorised loop, and a rest.
    private const int Length = 1_100;
    private const int Updates = 50;

    public static TheoryData<string> Optimizers => [.. Cases.Keys];

    private static Dictionary<string, Optimizer> Cases { get; } = new()
    {
        ["sgd"] = new Sgd(0.1),
        ["sgd with decay"] = new Sgd(0.1, 0.01),
        ["momentum"] = new Momentum(0.05),
        ["momentum with decay"] = new Momentum(0.05, 0.5, 0.1),
        ["adam"] = new Adam(0.01),
        ["adam with decay"] = new Adam(0.01, 0.8, 0.99, 1e-4, 0.1),
        ["adamw"] = new AdamW(0.01, weightDecay: 0),
        ["adamw with decay"] = new AdamW(0.01, 0.8, 0.99, 1e-4, 0.1),
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Double_precision_follows_the_formula(string name) => Follows<double>(Cases[name], 1e-12);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Single_precision_follows_the_formula(string name) => Follows<float>(Cases[name], 1e-5);

    [Fact]
    public void Descent_goes_against_the_gradient() => Sequence(new Sgd(0.5), 1, [2, -1], [0, 0.5]);

    // 1 - 0.5 (2 + 0.5 * 1) = -0.25
    [Fact]
    public void Weight_decay_adds_its_share_of_the_value() => Sequence(new Sgd(0.5, 0.5), 1, [2], [-0.25]);

    // v: 2, then 0.5 * 2 + 2 = 3, then 0.5 * 3 = 1.5
    [Fact]
    public void Momentum_keeps_a_share_of_its_velocity() =>
    Sequence(new Momentum(0.5, 0.5), 1, [2, 2, 0], [0, -1.5, -2.25]);

    // The first step of Adam is the rate itself, whatever the gradient's size: m / sqrt(v) is the gradient's sign.
    [Theory]
    [InlineData(1e-3)]
    [InlineData(-250)]
    public void Adams_first_step_is_its_rate(double gradient) =>
        Assert.Equal(-0.25 * Math.Sign(gradient), Run<double>(new Adam(0.25, epsilon: 1e-30), 0, [gradient])[^1],
            1e-12);

    // 2 (1 - 0.25 * 0.5) = 1.75: the decay is in no moment, so a zero gradient makes no other step.
    [Fact]
    public void AdamWs_decay_scales_the_value_by_the_rate() =>
        Sequence(new AdamW(0.25, weightDecay: 0.5), 2, [0, 0], [1.75, 1.53125]);

    // Under Adam the same decay is a gradient, whose size Adam takes away.
    [Fact]
    public void Adams_decay_is_a_gradient() =>
        Assert.Equal(1.75, Run<double>(new Adam(0.25, epsilon: 1e-30, weightDecay: 0.5), 2, [0])[^1], 1e-12);

    [Fact]
    public void Without_decay_AdamW_is_Adam()
    {
        double[] gradients = [0.3, -2, 1e-3, 5];
        Assert.Equal(Run<float>(new Adam(0.01), 0.7, gradients),
            Run<float>(new AdamW(0.01, weightDecay: 0), 0.7, gradients));
    }

    [Fact]
    public void A_zero_gradient_leaves_no_negative_zero()
    {
        foreach (var optimizer in Cases.Values)
        {
            foreach (var gradient in new[] { 0.0, -0.0 })
                Assert.False(double.IsNegative(Run<double>(optimizer, -0.0, [gradient])[^1]), optimizer.Name);
        }
    }

    [Fact]
    public void The_state_lives_with_the_parameter()
    {
        foreach (var optimizer in Cases.Values)
        {
            var alone = One(Tensor<double>.Scalar(1), optimizer);
            var first = One(Tensor<double>.Scalar(1), optimizer);
            var second = One(Tensor<double>.Scalar(1), optimizer);
            for (var step = 1; step <= 3; step++)
            {
                Learn(alone, step);
                Learn(second, -7 * step);
                Learn(first, step);
                Assert.Equal(alone.Value.Span[0], first.Value.Span[0]);
            }
        }
    }

    [Fact]
    public void An_update_that_is_not_committed_leaves_value_and_state_alone()
    {
        foreach (var optimizer in Cases.Values)
        {
            var disturbed = One(Tensor<double>.Scalar(1), optimizer);
            var plain = One(Tensor<double>.Scalar(1), optimizer);
            for (var step = 1; step <= 3; step++)
            {
                var before = disturbed.Value.Span[0];
                disturbed.Begin(step, 1);
                disturbed.Accept(0, 0, Error(100));
                Assert.Equal(before, disturbed.Value.Span[0]);
                Learn(disturbed, step);
                Learn(plain, step);
                Assert.Equal(plain.Value.Span[0], disturbed.Value.Span[0]);
            }
        }
    }

    // A mean of as many equal gradients as there are samples is the gradient: exactly for powers of two.
    [Fact]
    public void The_samples_sum_is_learnt_as_its_mean()
    {
        foreach (var optimizer in Cases.Values)
        {
            foreach (var samples in new[] { 2, 64, 3, 25 })
            {
                var one = One(Tensor<double>.Scalar(1), optimizer);
                var batch = One(Tensor<double>.Scalar(1), optimizer);
                for (var step = 1; step <= 3; step++)
                {
                    Learn(one, step);
                    Learn(batch, step * samples, samples);
                    Assert.Equal(one.Value.Span[0], batch.Value.Span[0], double.IsPow2(samples) ? 0 : 1e-14);
                }
            }
        }
    }

    [Fact]
    public void Numbers_out_of_range_are_refused_with_their_name()
    {
        foreach (var rate in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Refused("learningRate", () => new Sgd(rate));
            Refused("learningRate", () => new Momentum(rate));
            Refused("learningRate", () => new Adam(rate));
            Refused("learningRate", () => new AdamW(rate));
        }
        foreach (var share in new[] { -0.1, 1, double.NaN })
        {
            Refused("momentum", () => new Momentum(0.1, share));
            Refused("beta1", () => new Adam(0.1, beta1: share));
            Refused("beta2", () => new Adam(0.1, beta2: share));
        }
        foreach (var decay in new[] { -0.1, double.NaN, double.PositiveInfinity })
        {
            Refused("weightDecay", () => new Sgd(0.1, decay));
            Refused("weightDecay", () => new AdamW(0.1, weightDecay: decay));
        }
        foreach (var epsilon in new[] { 0, -1, double.NaN }) Refused("epsilon", () => new Adam(0.1, epsilon: epsilon));
    }

    private static void Refused(string parameter, Func<object> make) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => { _ = make(); }).ParamName);

    private static void Sequence(Optimizer optimizer, double start, double[] gradients, double[] wanted)
    {
        Assert.Equal(wanted, Run<double>(optimizer, start, gradients));
        Assert.Equal(wanted, Run<float>(optimizer, start, gradients));
    }

    private static void Follows<T>(Optimizer optimizer, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(3);
        var theta = new Tensor<T>(new Shape(Length));
        foreach (ref var element in theta.Writable) element = T.CreateChecked((float)random.NextGaussian());
        var wanted = theta.Span.ToArray().Select(t => new OptimizerReference(optimizer, double.CreateChecked(t)))
            .ToArray();
        var parameter = One(theta, optimizer);
        for (var update = 0; update < Updates; update++)
        {
            var gradient = new Tensor<T>(theta.Shape);
            foreach (ref var element in gradient.Writable)
                element = T.CreateChecked((float)(3 * random.NextGaussian()));
            // The reference starts from the value at hand, so that differences are of one update, not of all before.
            var moved = parameter.Value.Span.ToArray();
            parameter.Begin(update + 1, 1);
            parameter.Accept(0, 0, new PullBack<T>(gradient, null));
            parameter.Commit();
            for (var i = 0; i < Length; i++)
            {
                var before = wanted[i].Theta;
                wanted[i].Update(double.CreateChecked(gradient.Span[i]));
                var step = wanted[i].Theta - before;
                var found = double.CreateChecked(parameter.Value.Span[i]) - double.CreateChecked(moved[i]);
                // A step's own rounding, and that of the value it is added to.
                var allowed = (tolerance * (Math.Abs(step) + optimizer.LearningRate))
                    + (tolerance / 50 * Math.Abs(before));
                Assert.True(Math.Abs(found - step) <= allowed,
                    $"update {update + 1}, element {i}: a step of {found:R}, not {step:R}");
            }
        }
    }

    private static double[] Run<T>(Optimizer optimizer, double start, double[] gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameter = One(Tensor<T>.Scalar(T.CreateChecked(start)), optimizer);
        return [.. gradients.Select((gradient, index) =>
        {
            parameter.Begin(index + 1, 1);
            parameter.Accept(0, 0, new PullBack<T>(Tensor<T>.Scalar(T.CreateChecked(gradient)), null));
            parameter.Commit();
            return double.CreateChecked(parameter.Value.Span[0]);
        })];
    }

    private static ParameterState<T> One<T>(Tensor<T> start, Optimizer optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(new(start, 0, []), optimizer, edges: 1, microBatches: 1, Schedule.Constant);

    private static void Learn(ParameterState<double> parameter, double gradient, int batchSize = 1)
    {
        parameter.Begin(1, batchSize);
        Assert.True(parameter.Accept(0, 0, Error(gradient)));
        parameter.Commit();
    }

    private static PullBack<double> Error(double value) => new(Tensor<double>.Scalar(value), null);
}
