using PcActors.Functions;

namespace PcActors.Tests.Functions;

public sealed class FunctionFiniteDifferences
{
    private const double Tolerance = 1e-8;

    public static TheoryData<string> Cases => FunctionCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_pull_back_is_the_derivative_of_the_prediction(string name)
    {
        var example = FunctionCases.Get(name);
        var worst = FiniteDifference.WorstDifference(example.Function<double>(), example.Inputs<double>(),
            example.Error<double>);
        Assert.True(worst < Tolerance, $"{name}: off by {worst:E2}");
    }

    [Fact]
    public void Every_operator_has_a_case()
    {
        var covered = FunctionCases.All.Select(example => example.Operator).ToHashSet();
        Assert.All(OperatorCatalogue.Onnx, name => Assert.Contains(name, covered));
    }

    [Theory]
    [InlineData(1 + 1e-6)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_wrong_pull_back_is_caught(double factor)
    {
        var example = new FunctionCase("Tanh", "2x3");
        var worst = FiniteDifference.WorstDifference(new WrongTanh(factor), example.Inputs<double>(),
            example.Error<double>);
        Assert.True(worst > Tolerance);
    }

    /// <summary>Tanh whose pull-back is off by a factor.</summary>
    private sealed class WrongTanh(double factor)
        : UnaryFunction<double>(new Operator("WrongTanh").With(Attributes.Empty))
    {
        protected override void Predict(ReadOnlySpan<double> x, Span<double> mu)
        {
            for (var i = 0; i < x.Length; i++) mu[i] = Math.Tanh(x[i]);
        }

        protected override void PullBack(
            ReadOnlySpan<double> x, ReadOnlySpan<double> mu, ReadOnlySpan<double> error, Span<double> result)
        {
            for (var i = 0; i < x.Length; i++) result[i] = factor * (1 - (mu[i] * mu[i])) * error[i];
        }
    }
}
