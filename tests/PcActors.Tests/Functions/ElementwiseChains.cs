using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Functions;

/// <summary>Theorem: a chain has the bits that its functions have one after the other on the whole tensors, in both
/// directions, on any number of threads.</summary>
public sealed class ElementwiseChains
{
    public static TheoryData<string> Units =>
    [
        .. FunctionCases.All.Where(example =>
            example.Function<double>() is UnaryFunction<double> unit && unit.IsDifferentiable(0))
            .Select(example => example.Operator).Distinct(),
    ];

    [Fact]
    public void More_functions_than_a_buffer_each_may_have_are_refused()
    {
        var text = string.Join(';', Enumerable.Repeat("Neg(x)", 4097));
        var error = Assert.Throws<AttributeException>(() => OperatorCatalogue.Create<float>(
            "ElementwiseChain", Attributes.Of(("functions", text))));
        Assert.Contains("4097 functions", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Of_any_unit(string name)
    {
        Check("3x1700, ()", $"{name}(x);Mul(x,c)");
        Check("3x1700, 1700", $"Mul(x,c);{name}(x);{name}(x)");
    }

    [Theory]
    [InlineData("2x3x4, 3x1, (), 2x1x1", "Add(x,c);Sub(c,x);Div(c,x)")]
    [InlineData("2x3x4, 4, 2x3x4, 1x1x1", "Sub(x,c);Mul(c,x);Div(x,c)")]
    [InlineData("50x100, 100, 50x1, (), ()", "PRelu(x,c);Mul(x,c);Abs(x);Pow(x,c);Add(x,c)")]
    [InlineData("5000, 1, 1, 1, 1", "Clip(x,c);Clip(x,,c);Exp(x);Clip(x,c,c)")]
    [InlineData("9x999", "Clip(x,max:0.5,min:-0.5);Elu(x,alpha:0.3);HardSigmoid(x,alpha:0.3,beta:0.25)")]
    [InlineData("()", "Neg(x);Neg(x)")]
    [InlineData("0x3, 3", "Mul(x,c);Exp(x)")]
    [InlineData("2x70x3x5, 70x1x1, 2x70x1x1", "Mul(x,c);Add(x,c);Relu(x)")]
    public void Of_constants(string shapes, string functions) => Check(shapes, functions);

    [Fact]
    public void Of_many_functions() =>
        Check("3x700", string.Join(';', Enumerable.Repeat("Tanh(x);Softsign(x)", 100)));

    [Fact]
    public void A_text_says_what_was_written()
    {
        const string Text = "Mul(c,x);LeakyRelu(x,alpha:0.1);Clip(x,,c);Elu(x,alpha:1E-07);Gelu(x,approximate:tanh)";
        var steps = ChainStep.Parse(Text);
        Assert.Equal(Text, ChainStep.Write(steps));
        Assert.Equal(["cx", "x", "x-c", "x", "x"], steps.Select(s => s.Operands));
        Assert.Equal([0.1, 1e-7], [steps[1].Attributes["alpha"], steps[3].Attributes["alpha"]]);
        Assert.Equal([1L], steps[2].Whole.Integers("absent")!);
    }

    private static void Check(string shapes, string functions)
    {
        var example = new FunctionCase("ElementwiseChain", shapes, $"functions={functions}");
        Check<float>(example, functions);
        Check<double>(example, functions);
    }

    private static void Check<T>(FunctionCase example, string functions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs = example.Inputs<T>();
        var error = example.Error<T>(inputs[0].Shape);
        var (mu, pulled) = OneByOne(ChainStep.Parse(functions), inputs, error);
        var chain = example.Function<T>();
        Assert.Equal(inputs[0].Shape, chain.InferShape(example.InputShapes));
        foreach (var threads in new[] { 1, 2, 3 })
        {
            var before = KernelThreads.UseForAll(threads);
            try
            {
                var (own, back) = (new Tensor<T>(mu.Shape), new Tensor<T>(mu.Shape));
                chain.Predict(inputs, own);
                chain.PullBack(0, inputs, own, error, back);
                Bits.AssertEqual<T>(mu.Span, own.Span, $"{functions}: the prediction on {threads} threads");
                Bits.AssertEqual<T>(pulled.Span, back.Span, $"{functions}: the pull-back on {threads} threads");
            }
            finally
            {
                KernelThreads.Use(before);
            }
        }
    }

    private static (Tensor<T> Prediction, Tensor<T> PulledBack) OneByOne<T>(
        IReadOnlyList<ChainStep> steps, Tensor<T>[] inputs, Tensor<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var constants = new Queue<Tensor<T>>(inputs[1..]);
        var made = new List<(ElementaryFunction<T> Function, int Slot, Tensor<T>[] Inputs, Tensor<T> Prediction)>();
        var x = inputs[0];
        foreach (var step in steps)
        {
            var function = OperatorCatalogue.Create<T>(step.Operator, step.Whole);
            Tensor<T>[] read = [
                .. step.Operands.Where(o => o != '-').Select(o => o == 'x' ? x : constants.Dequeue())];
            var mu = new Tensor<T>(function.InferShape([.. read.Select(r => r.Shape)]));
            function.Predict(read, mu);
            made.Add((function, step.Operands.IndexOf('x'), read, mu));
            x = mu;
        }
        for (var i = made.Count - 1; i >= 0; i--)
        {
            var result = new Tensor<T>(error.Shape);
            made[i].Function.PullBack(made[i].Slot, made[i].Inputs, made[i].Prediction, error, result);
            error = result;
        }
        return (x, error);
    }
}
