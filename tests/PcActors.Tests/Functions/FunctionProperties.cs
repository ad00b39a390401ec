using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>What holds for every function, whatever it computes.</summary>
public sealed class FunctionProperties
{
    public static TheoryData<string> Cases => FunctionCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Float32_agrees_with_float64(string name)
    {
        var single = new Run<float>(FunctionCases.Get(name));
        var precise = new Run<double>(FunctionCases.Get(name));
        AssertClose(precise.Prediction, single.Prediction);
        for (var input = 0; input < precise.Inputs.Length; input++)
            AssertClose(precise.PullBack(input), single.PullBack(input));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_buffer_held_before_does_not_matter(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        Assert.Equal(Bits(run.Predict(before: 0)), Bits(run.Predict(before: float.NaN)));
        for (var input = 0; input < run.Inputs.Length; input++)
            Assert.Equal(Bits(run.PullBack(input, before: 0)), Bits(run.PullBack(input, before: float.NaN)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_factored_pull_back_has_the_bits_of_the_whole_one(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        for (var input = 0; input < run.Inputs.Length; input++)
        {
            var factors = run.Function.Factor(input, run.Inputs, run.Error);
            Assert.Equal(run.Function.CanFactor(input, run.Shapes), factors is not null);
            if (factors is null) continue;
            Assert.Equal(run.Inputs[input].Shape, factors.Shape);
            var product = new Tensor<float>(factors.Shape);
            product.Writable.Fill(float.NaN);
            factors.WriteTo(product);
            Assert.Equal(Bits(run.PullBack(input)), Bits(product));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_view_is_its_input_in_both_directions(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        if (!run.Function.IsView) return;
        var input = Assert.Single(run.Inputs);
        Assert.Equal(Bits(input), Bits(run.Prediction));
        Assert.Equal(Bits(run.Error), Bits(run.PullBack(0)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_error_that_is_said_to_pass_is_the_pull_back(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        Shape[] shapes = [.. run.Inputs.Select(i => i.Shape)];
        for (var input = 0; input < shapes.Length; input++)
        {
            if (run.Function.PassesError(input, shapes)) Assert.Equal(Bits(run.Error), Bits(run.PullBack(input)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_input_without_a_derivative_is_pulled_back_zeros(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        for (var input = 0; input < run.Inputs.Length; input++)
        {
            if (!run.Function.IsDifferentiable(input))
                Assert.All(run.PullBack(input).Span.ToArray(), x => Assert.Equal(0, x));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_error_of_zeros_is_pulled_back_to_zeros_where_that_is_said(string name) =>
        AssertPullsZeroBack(FunctionCases.Get(name));

    [Theory]
    [InlineData("MatMul", "33x70, 70x48")]
    [InlineData("MatMul", "4x33x300, 300x17")]
    [InlineData("MatMul", "3x64x64, 3x64x64")]
    [InlineData("Linear", "33x70, 70x48")]
    [InlineData("Linear", "2x33x70, 48x70", "transW=1")]
    [InlineData("Gemm", "70x33, 48x70", "transA=1 transB=1")]
    public void An_error_of_zeros_is_pulled_back_to_zeros_by_products_of_any_size(
        string name, string shapes, string attributes = "") =>
        AssertPullsZeroBack(new FunctionCase(name, shapes, attributes));

    private static void AssertPullsZeroBack(FunctionCase example)
    {
        var run = new Run<float>(example);
        // Zeros of both signs, to meet operands of both.
        for (var i = 0; i < run.Error.Length; i++) run.Error.Writable[i] = i % 3 == 0 ? 0f : -0f;
        for (var input = 0; input < run.Inputs.Length; input++)
        {
            if (run.Function.PullsZeroBackToZero(input)) Assert.All(Bits(run.PullBack(input)), x => Assert.Equal(0, x));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Neither_direction_allocates(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        Both();
        Both();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Both()
        {
            run.Function.Predict(run.Inputs, run.Prediction);
            for (var input = 0; input < run.Inputs.Length; input++)
                run.Function.PullBack(input, run.Inputs, run.Prediction, run.Error, run.Results[input]);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_function_is_made_again_from_its_operator_and_attributes(string name)
    {
        var run = new Run<double>(FunctionCases.Get(name));
        var again = OperatorCatalogue.Create<double>(run.Function.OperatorType, run.Function.Attributes);
        var prediction = new Tensor<double>(again.InferShape(run.Shapes));
        again.Predict(run.Inputs, prediction);
        Assert.Equal(run.Prediction.Shape, prediction.Shape);
        Assert.Equal(run.Prediction.Span.ToArray(), prediction.Span.ToArray());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Costs_are_not_negative_and_too_few_inputs_are_refused(string name)
    {
        var run = new Run<float>(FunctionCases.Get(name));
        Assert.True(run.Function.Cost(run.Shapes, run.Prediction.Shape) >= 0);
        for (var input = 0; input < run.Inputs.Length; input++)
            Assert.True(run.Function.PullBackCost(input, run.Shapes, run.Prediction.Shape) >= 0);
        var error = Assert.Throws<ShapeException>(
            () => run.Function.InferShape(run.Shapes.AsSpan(0, run.Function.MinInputs - 1)));
        Assert.StartsWith(run.Function.OperatorType + ":", error.Message, StringComparison.Ordinal);
    }

    private static int[] Bits(Tensor<float> tensor) =>
        Array.ConvertAll(tensor.Span.ToArray(), BitConverter.SingleToInt32Bits);

    private static void AssertClose(Tensor<double> expected, Tensor<float> actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var scale = 1.0;
        foreach (var value in expected.Span) scale = Math.Max(scale, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected.Span[i], actual.Span[i], 1e-5 * scale);
    }

    /// <summary>A case carried out in one precision.</summary>
    internal sealed class Run<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Run(FunctionCase example)
        {
            Function = example.Function<T>();
            Inputs = example.Inputs<T>();
            Shapes = [.. Inputs.Select(x => x.Shape)];
            Results = [.. Shapes.Select(shape => new Tensor<T>(shape))];
            Prediction = Predict(T.NaN);
            Error = example.Error<T>(Prediction.Shape);
        }

        public ElementaryFunction<T> Function { get; }

        public Tensor<T>[] Inputs { get; }

        public Shape[] Shapes { get; }

        public Tensor<T>[] Results { get; }

        public Tensor<T> Prediction { get; }

        public Tensor<T> Error { get; }

        public Tensor<T> Predict(T before)
        {
            var prediction = new Tensor<T>(Function.InferShape(Shapes));
            prediction.Writable.Fill(before);
            Function.Predict(Inputs, prediction);
            return prediction;
        }

        public Tensor<T> PullBack(int input) => PullBack(input, T.NaN);

        public Tensor<T> PullBack(int input, T before)
        {
            var result = new Tensor<T>(Inputs[input].Shape);
            result.Writable.Fill(before);
            Function.PullBack(input, Inputs, Prediction, Error, result);
            return result;
        }
    }
}
