using System.Numerics;
using MathNet.Numerics.Differentiation;
using PcActors.Extensions;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.Learning;

/// <summary>The losses' values against their definitions, their errors against finite differences.</summary>
public class LossSemantics
{
    private const int Samples = 3;
    private const int Classes = 4;

    public static TheoryData<string> Names =>
        [.. Catalogues.Losses.Names.Where(n => Catalogues.Losses.Parse(n).TakesTarget)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_roots_error_is_the_derivative_of_the_loss(string name)
    {
        var loss = Catalogues.Losses.Parse(name);
        var prediction = Random<double>(1, 2);
        var target = TargetOf<double>(loss);
        var error = new Tensor<double>(prediction.Shape);
        Evaluate(loss, prediction, target, error);
        var derivative = new NumericalDerivative(5, 2) { StepType = StepType.Absolute, StepSize = 1e-3 };
        for (var i = 0; i < prediction.Length; i++)
        {
            var place = i;
            var at = prediction.Clone();
            var expected = derivative.EvaluateDerivative(
                x =>
                {
                    at.Writable[place] = x;
                    return IndependentLoss.Of(loss, at, target);
                },
                prediction.Span[i],
                1);
            Assert.Equal(expected, error.Span[i], 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_value_is_the_definitions_in_both_precisions(string name)
    {
        var loss = Catalogues.Losses.Parse(name);
        foreach (var scale in new[] { 0.1, 3, 20 })
        {
            var prediction = Random<double>(2, scale);
            var wanted = IndependentLoss.Of(loss, prediction, TargetOf<double>(loss));
            Assert.Equal(wanted, Evaluate(loss, prediction, TargetOf<double>(loss), new(prediction.Shape)),
                1e-13 * (1 + wanted));
            var single = Random<float>(2, scale);
            Assert.Equal(wanted, Evaluate(loss, single, TargetOf<float>(loss), new(single.Shape)),
                1e-6 * (1 + wanted));
        }
    }

    [Theory]
    [InlineData(true, 3, 4, 5)]
    [InlineData(false, 3, 4, 5)]
    [InlineData(true, 2, 3, 2, 4)]
    [InlineData(false, 2, 3, 2, 4)]
    [InlineData(true, 3, 1, 4)]
    public void The_loss_of_several_positions_is_their_mean_and_its_error_the_derivative(
        bool isFirst, params int[] extents)
    {
        var loss = isFirst ? Loss.CrossEntropyOfAxis1 : Loss.CrossEntropy;
        var (prediction, random) = (new Tensor<double>(new Shape(extents)), new SeededRandom(4));
        foreach (ref var element in prediction.Writable) element = 2 * random.NextGaussian();
        var target = new Tensor<double>(loss.TargetShape(prediction.Shape));
        foreach (ref var label in target.Writable) label = random.NextInt(extents[isFirst ? 1 : ^1]);
        var error = new Tensor<double>(prediction.Shape);
        Assert.Equal(IndependentLoss.Of(loss, prediction, target), Evaluate(loss, prediction, target, error), 1e-13);
        const double Step = 1e-5;
        for (var i = 0; i < prediction.Length; i++)
        {
            var (up, down) = (prediction.Clone(), prediction.Clone());
            (up.Writable[i], down.Writable[i]) = (up.Span[i] + Step, down.Span[i] - Step);
            Assert.Equal(
                (IndependentLoss.Of(loss, up, target) - IndependentLoss.Of(loss, down, target)) / (2 * Step),
                error.Span[i], 1e-8);
        }
        target.Writable[1] = -1;
        Assert.Contains(target.Length > target.Shape[0] ? "position 1" : "sample 1",
            Assert.Throws<ArgumentException>(() => Evaluate(loss, prediction, target, error)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_knows_nothing_of_its_batch(string name)
    {
        var loss = Catalogues.Losses.Parse(name);
        var (prediction, target) = (Random<float>(4, 2), TargetOf<float>(loss));
        var together = new Tensor<float>(prediction.Shape);
        var losses = new double[Samples];
        loss.Evaluate(prediction, target, losses, together);
        for (var sample = 0; sample < Samples; sample++)
        {
            var alone = new Tensor<float>(new Shape(1, Classes));
            var loneLoss = new double[1];
            loss.Evaluate(prediction.Rows(sample, 1), target.Rows(sample, 1), loneLoss, alone);
            Assert.Equal(losses[sample], loneLoss[0]);
            Assert.Equal(together.Rows(sample, 1).Span.ToArray(), alone.Span.ToArray());
        }
    }

    // The others' exponentials vanish beside this logit's: the loss is 0 when it is right, and the
    // logit itself when it is wrong.
    [Theory]
    [InlineData(1e3)]
    [InlineData(1e4)]
    [InlineData(3e38)]
    public void Large_logits_are_stable(double logit)
    {
        foreach (var label in new[] { 0, 1 })
        {
            Check<double>(logit, label);
            Check<float>(logit, label);
        }

        static void Check<T>(double logit, int label)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var prediction = Tensor<T>.From(new Shape(1, 3), [T.CreateChecked(logit), T.Zero, T.Zero]);
            var error = new Tensor<T>(prediction.Shape);
            var found = Evaluate(Loss.CrossEntropy, prediction,
                Tensor<T>.From(new Shape(1), [T.CreateChecked(label)]), error);
            Assert.Equal(label == 0 ? 0 : double.CreateChecked(T.CreateChecked(logit)), found);
            T[] wanted = label == 0 ? [T.Zero, T.Zero, T.Zero] : [T.One, -T.One, T.Zero];
            Assert.Equal(wanted, error.Span.ToArray());
        }
    }

    [Fact]
    public void Equal_logits_cost_the_logarithm_of_the_number_of_classes()
    {
        foreach (var logit in new[] { -1e4, 0, 700 })
        {
            var prediction = Tensor<double>.From(new Shape(2, 3), [logit, logit, logit, logit, logit, logit]);
            var found = Evaluate(Loss.CrossEntropy, prediction,
                Tensor<double>.From(new Shape(2), [0, 2]), new(prediction.Shape));
            Assert.Equal(2 * Math.Log(3), found, 2e-15);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void A_label_that_is_no_class_is_refused_with_its_sample(double label)
    {
        var target = Tensor<double>.From(new Shape(Samples), [0, label, 1]);
        var refusal = Assert.Throws<ArgumentException>(
            () => Evaluate(Loss.CrossEntropy, Random<double>(1, 1), target, new(new Shape(Samples, Classes))));
        Assert.Contains("sample 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 3", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3, 1)]
    public void A_root_that_is_the_loss_has_the_derivative_1(int rank, params int[] extents)
    {
        var prediction = new Tensor<float>(new Shape(extents));
        Assert.Equal(rank, prediction.Shape.Rank);
        for (var i = 0; i < prediction.Length; i++) prediction.Writable[i] = i - 1.5f;
        var target = new Tensor<float>(Loss.Output.TargetShape(prediction.Shape));
        Assert.Equal([prediction.Length], target.Shape.Dimensions.ToArray());
        var (losses, error) = (new double[prediction.Length], new Tensor<float>(prediction.Shape));
        Loss.Output.Evaluate(prediction, target, losses, error);
        Assert.Equal(Enumerable.Range(0, prediction.Length).Select(i => i - 1.5), losses);
        Assert.All(error.Span.ToArray(), e => Assert.Equal(1, e));
    }

    [Fact]
    public void Roots_that_do_not_fit_are_refused()
    {
        Assert.Throws<ShapeException>(() => Loss.Output.TargetShape(new Shape(3, 2)));
        Assert.Throws<ShapeException>(() => Loss.CrossEntropy.TargetShape(new Shape(3)));
        Assert.Throws<ShapeException>(() => Loss.CrossEntropyOfAxis1.TargetShape(new Shape(3)));
        Assert.Equal(new Shape(3, 2, 5), Loss.CrossEntropy.TargetShape(new Shape(3, 2, 5, 7)));
        Assert.Equal(new Shape(3, 5, 7), Loss.CrossEntropyOfAxis1.TargetShape(new Shape(3, 2, 5, 7)));
        Assert.Throws<ShapeException>(() => Loss.SquaredError.TargetShape(Shape.Scalar));
        Assert.Equal(new Shape(3), Loss.CrossEntropy.TargetShape(new Shape(3, 7)));
        Assert.Equal(new Shape(3, 2, 2), Loss.SquaredError.TargetShape(new Shape(3, 2, 2)));
        Assert.Contains("cross-entropy",
            Assert.Throws<ArgumentException>(() => Catalogues.Losses.Parse("hinge")).Message, StringComparison.Ordinal);
    }

    private static double Evaluate<T>(Loss loss, Tensor<T> prediction, Tensor<T> target, Tensor<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var losses = new double[target.Shape[0]];
        loss.Evaluate(prediction, target, losses, error);
        return losses.Sum();
    }

    private static Tensor<T> Random<T>(ulong seed, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(seed);
        var tensor = new Tensor<T>(new Shape(Samples, Classes));
        foreach (ref var element in tensor.Writable) element = T.CreateChecked((float)(scale * random.NextGaussian()));
        return tensor;
    }

    private static Tensor<T> TargetOf<T>(Loss loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => loss.TakesClasses
            ? Tensor<T>.From(new Shape(Samples), [T.Zero, T.CreateChecked(3), T.One])
            : Random<T>(9, 1);
}
