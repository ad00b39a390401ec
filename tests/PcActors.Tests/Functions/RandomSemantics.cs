using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>Random numbers by their moments, and that a draw is what decides them.</summary>
public sealed class RandomSemantics
{
    private const int Count = 20000;

    [Fact]
    public void Uniform_numbers_have_the_moments_of_their_interval()
    {
        var numbers = Draw("RandomUniformLike", ("low", -1.0), ("high", 3.0));
        Assert.All(numbers, x => Assert.InRange(x, -1, 3));
        AssertMoments(numbers, 1, 16.0 / 12);
    }

    [Fact]
    public void Normal_numbers_have_their_mean_and_deviation() =>
        AssertMoments(Draw("RandomNormalLike", ("mean", 2.0), ("scale", 0.5)), 2, 0.25);

    [Fact]
    public void Bernoulli_numbers_are_1_as_often_as_they_should_be()
    {
        var numbers = Draw("Bernoulli", 0.3);
        Assert.All(numbers, x => Assert.True(x is 0 or 1));
        AssertMoments(numbers, 0.3, 0.3 * 0.7);
    }

    [Fact]
    public void Multinomial_numbers_come_as_often_as_their_weights_say()
    {
        var function = OperatorCatalogue.Create<double>("Multinomial", Attributes.Of(("sample_size", Count)));
        var weights = Evaluate.Array([1, 3], Math.Log(1), Math.Log(2), Math.Log(5));
        var classes = new Tensor<double>(function.InferShape([weights.Shape]));
        function.Predict([weights], classes);
        foreach (var (number, share) in ((double[])[0.125, 0.25, 0.625]).Index())
            Assert.Equal(share, classes.Span.ToArray().Count(c => c == number) / (double)Count, 0.02);
    }

    [Theory]
    [InlineData("RandomUniformLike")]
    [InlineData("RandomNormalLike")]
    [InlineData("Bernoulli")]
    public void Draws_differ_and_each_is_the_same_every_time(string name)
    {
        var function = OperatorCatalogue.Create<double>(name);
        var input = new Tensor<double>(new Shape(64));
        input.Writable.Fill(0.5);
        double[] Numbers(ulong? seed)
        {
            var result = new Tensor<double>(input.Shape);
            function.Drawn(seed).Predict([input], result);
            return result.Span.ToArray();
        }
        Assert.Equal(Numbers(5), Numbers(5));
        Assert.NotEqual(Numbers(5), Numbers(6));
        Assert.Equal(Numbers(null), Numbers(0));
    }

    // NumPy's RandomState(0): rand(3) and randn(4).
    [Fact]
    public void Numbers_are_those_of_the_generator_that_is_named()
    {
        double[] uniform = [0.5488135039273248, 0.7151893663724195, 0.6027633760716439];
        double[] normal = [1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458];
        AssertNear(uniform, Draw("RandomUniformLike"));
        AssertNear(normal, Draw("RandomNormalLike"));
    }

    private static double[] Draw(string name, params (string Name, object? Value)[] attributes) =>
        Draw(name, 0, attributes);

    private static double[] Draw(string name, double input, params (string Name, object? Value)[] attributes)
    {
        var function = OperatorCatalogue.Create<double>(name, Attributes.Of(attributes));
        var (x, result) = (new Tensor<double>(new Shape(Count)), new Tensor<double>(new Shape(Count)));
        x.Writable.Fill(input);
        function.Predict([x], result);
        return result.Span.ToArray();
    }

    private static void AssertNear(double[] expected, double[] found)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-14);
    }

    private static void AssertMoments(double[] numbers, double mean, double variance)
    {
        var found = numbers.Average();
        var error = Math.Sqrt(variance / numbers.Length);
        Assert.Equal(mean, found, 4 * error);
        var spread = numbers.Average(x => (x - found) * (x - found));
        Assert.Equal(variance, spread, 8 * variance / Math.Sqrt(numbers.Length));
    }
}
