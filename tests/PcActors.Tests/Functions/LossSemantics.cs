using PcActors.Functions;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Losses of scores for classes.</summary>
public sealed class LossSemantics
{
    private const string Likelihood = "NegativeLogLikelihoodLoss";
    private const string Entropy = "SoftmaxCrossEntropyLoss";

    [Fact]
    public void The_likelihood_of_the_true_class_with_its_sign_changed()
    {
        // The first example of ONNX's documentation: classes in the middle, two samples of two places.
        var scores = Array([2, 3, 2], 1, 2, 2, 2, 3, 2, 0, 1, 2, 2, 1, 2);
        var classes = Array([2, 2], 2, 1, 0, 2);
        Same(Array([2, 2], -3, -2, 0, -2), Predict(Likelihood, Reduction("none"), scores, classes));
        // The second: class weights.
        var weight = Array([3], 0.2, 0.3, 0.1);
        Same(Array([], -1.1), Predict(Likelihood, Reduction("sum"), scores, classes, weight));
        // The third: their mean is over the sum of the weights, 0.1 + 0.3 + 0.2 + 0.1.
        Same(Array([], -1.1 / 0.7), Predict(Likelihood, Reduction("mean"), scores, classes, weight));
        Same(Array([], -7.0 / 4), Predict(Likelihood, Attributes.Empty, scores, classes));
    }

    [Fact]
    public void Cross_entropy_is_the_logarithm_of_the_softmax()
    {
        var scores = Array([2, 2], 0, Math.Log(3), Math.Log(4), 0);
        var classes = Array([2], 1, 1);
        Same(Array([2], -Math.Log(0.75), -Math.Log(0.2)), Predict(Entropy, Reduction("none"), scores, classes));
        Same(Array([], -(Math.Log(0.75) + Math.Log(0.2)) / 2), Predict(Entropy, Attributes.Empty, scores, classes));
        Same(Array([2, 2], 0.125, -0.125, 0.4, -0.4),
            PullBack(Entropy, Attributes.Empty, 0, Array([], 1), scores, classes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_ignored_class_counts_neither_in_the_sum_nor_in_the_mean(int ignored)
    {
        var scores = Array([3, 2], 1, 2, 3, 4, 5, 6);
        var classes = Array([3], 1, ignored, 1);
        var attributes = Attributes.Of(("ignore_index", ignored));
        Same(Array([], -4), Predict(Likelihood, attributes, scores, classes));
        Same(Array([3, 2], 0, -1, 0, 0, 0, -1), PullBack(Likelihood, attributes, 0, Array([], 2), scores, classes));
        Same(Array([3], -2, 0, -6),
            Predict(Likelihood, Attributes.Of(("ignore_index", ignored), ("reduction", "none")), scores, classes));
    }

    [Fact]
    public void A_mean_over_ignored_classes_alone_is_none()
    {
        var ignored = Attributes.Of(("ignore_index", 0));
        Assert.True(double.IsNaN(Predict(Likelihood, ignored, Count(2, 2), Array([2], 0, 0)).Span[0]));
    }

    [Fact]
    public void Large_logits_do_not_overflow() =>
        Same(Array([], Math.Log(2)), Predict(Entropy, Attributes.Empty, Array([1, 2], 5000, 5000), Array([1], 0)));

    [Theory]
    [InlineData(Likelihood, 2)]
    [InlineData(Entropy, -1)]
    [InlineData(Entropy, double.NaN)]
    public void A_class_that_there_is_not(string name, double label)
    {
        var error = Assert.Throws<IndexException>(
            () => Predict(name, Attributes.Empty, Count(1, 2), Array([1], label)));
        Assert.StartsWith($"{name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0, 1]", error.Message, StringComparison.Ordinal);
    }

    private static Attributes Reduction(string reduction) => Attributes.Of(("reduction", reduction));
}
