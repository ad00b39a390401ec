namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Chains =>
    [
        new("ElementwiseChain", "2x3", "functions=Tanh(x)"),
        new("ElementwiseChain", "2x3", "functions=Sigmoid(x);LeakyRelu(x,alpha:0.1);Exp(x);Sqrt(x)"),
        new("ElementwiseChain", "(), ()", "functions=Mul(x,c);Tanh(x)"),
        new("ElementwiseChain", "0x3, 3", "functions=Mul(x,c);Tanh(x)"),
        new("ElementwiseChain", "2x3x4, (), 3x1, 4", "functions=Mul(x,c);Sub(c,x);Div(x,c);Tanh(x)"),
        new("ElementwiseChain", "2x3x4, 2x1x1, 2x3x4, 1x3x1", "functions=Div(c,x);Gelu(x,approximate:tanh);Add(c,x);"
            + "PRelu(x,c)"),
        new("ElementwiseChain", "2x5, (), (), 1", "functions=Exp(x);Pow(x,c);Clip(x,c);Clip(x,,c)")
        {
            Domains = [new Domain(0.25, 1.5, true), Domain.Whole(2, 2), new Domain(0.01, 0.02, false),
                new Domain(40, 50, false)],
        },
        new("ElementwiseChain", "7x700, 700, 7x1", "functions=Mul(x,c);Sigmoid(x);Add(x,c);Neg(x)"),
    ];
}
