using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>Theorem: a masked softmax is Add and then Softmax, bit for bit, and pulls back to its mask what Softmax
/// pulls back, and Add sums.</summary>
public sealed class MaskedSoftmaxTheorem
{
    [Theory]
    [InlineData("2x3x4", "3x4")]
    [InlineData("2x3x4", "2x1x1")]
    [InlineData("2x3x4", "2x3x4")]
    [InlineData("70x130", "130")]
    [InlineData("70x130", "70x1")]
    public void A_mask_gets_the_errors_of_its_sum(string scores, string mask)
    {
        var masked = new FunctionCase("MaskedSoftmax", $"{scores}, {mask}");
        var (inputs, function) = (masked.Inputs<float>(), masked.Function<float>());
        var (mu, pulled) = (new Tensor<float>(inputs[0].Shape), new Tensor<float>(inputs[1].Shape));
        var error = masked.Error<float>(inputs[0].Shape);
        function.Predict(inputs, mu);
        function.PullBack(1, inputs, mu, error, pulled);

        var add = OperatorCatalogue.Create<float>("Add", Attributes.Empty);
        var softmax = OperatorCatalogue.Create<float>("Softmax", Attributes.Empty);
        var (sum, shares) = (new Tensor<float>(mu.Shape), new Tensor<float>(mu.Shape));
        var (back, wanted) = (new Tensor<float>(mu.Shape), new Tensor<float>(inputs[1].Shape));
        add.Predict(inputs, sum);
        softmax.Predict([sum], shares);
        softmax.PullBack(0, [sum], shares, error, back);
        add.PullBack(1, inputs, sum, back, wanted);
        Assert.Equal(shares.Span, mu.Span);
        Assert.Equal(wanted.Span, pulled.Span);
    }
}
