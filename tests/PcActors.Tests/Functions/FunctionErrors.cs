using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>Errors say which operator, what was found and what would fit.</summary>
public sealed class FunctionErrors
{
    [Theory]
    [InlineData("MatMul", "2x3, 4x5", "", "[2, 3]", "[4, 5]", "3 columns", "4 rows")]
    [InlineData("MatMul", "2x3, ()", "", "scalar")]
    [InlineData("MatMul", "2x3", "", "2 inputs", "not 1")]
    [InlineData("MatMul", "2x3, 3x4, 4", "", "2 inputs", "not 3")]
    [InlineData("MatMul", "2x5x3, 4x3x6", "", "[2]", "[4]", "equal or 1")]
    [InlineData("Gemm", "2x3, 4x5", "transA=1", "[3, 2]", "[4, 5]", "transA 1")]
    [InlineData("Gemm", "2x3x4, 4x5", "", "[2, 3, 4]", "matrices")]
    [InlineData("Gemm", "2x3, 3x4, 5", "", "[5]", "[2, 4]")]
    [InlineData("Gemm", "2x3, 3x4, 1x2x4", "", "[1, 2, 4]", "[2, 4]")]
    [InlineData("Gemm", "2x3, 3x4, 4, 4", "", "2 to 3 inputs", "not 4")]
    [InlineData("Add", "2x3, 2", "", "[2, 3]", "[2]", "equal or 1")]
    [InlineData("Tanh", "2, 2", "", "1 input,", "not 2")]
    [InlineData("Sin", "2, 2", "", "1 input,", "not 2")]
    [InlineData("Max", "2x3, 2", "", "[2, 3]", "[2]", "equal or 1")]
    [InlineData("Where", "2x3, 3, 2", "", "[2, 3]", "[2]", "equal or 1")]
    [InlineData("Clip", "3, 3", "", "[3]", "scalar")]
    [InlineData("Clip", "3, (), ()", "absent=[1]", "1 to 2 inputs", "not 3")]
    [InlineData("CumSum", "2x3", "axis=2", "axis 2", "[2, 3]")]
    [InlineData("Expand", "2x3", "shape=[2]", "[2, 3]", "[2]", "equal or 1")]
    [InlineData("Tile", "2x3", "repeats=[2]", "1 numbers", "[2, 3]")]
    [InlineData("Pad", "2x3", "pads=[1,1]", "2 pads", "[2, 3]")]
    [InlineData("Pad", "2x3", "pads=[0,-2,0,-2]", "axis 1", "[2, 3]", "too few")]
    [InlineData("Pad", "2x3", "pads=[1,1,1,1] axes=[1,-1]", "axis -1", "twice")]
    [InlineData("Pad", "2x0", "pads=[0,1,0,0] mode=edge", "axis 1", "no elements")]
    [InlineData("Pad", "2x3, 3", "pads=[0,1,0,0]", "[3]", "scalar")]
    [InlineData("Trilu", "3", "", "[3]", "two axes")]
    [InlineData("EyeLike", "3", "", "[3]", "matrix")]
    [InlineData("Squeeze", "2x3", "axes=[0]", "axis 0", "[2, 3]", "extent 2")]
    [InlineData("Unsqueeze", "2x3", "axes=[0,-4]", "axis -4", "twice")]
    [InlineData("Unsqueeze", "2x3", "axes=[3]", "axis 3", "[-3, 2]")]
    [InlineData("DepthToSpace", "1x6x2x2", "blocksize=2", "6 channels", "2 x 2")]
    [InlineData("SpaceToDepth", "1x1x3x4", "blocksize=2", "3 x 4", "side 2")]
    [InlineData("SpaceToDepth", "1x3x4", "blocksize=2", "[1, 3, 4]")]
    [InlineData("Gather", "2x3, 2", "axis=2", "axis 2", "[2, 3]")]
    [InlineData("GatherElements", "2x3, 2", "", "[2]", "[2, 3]")]
    [InlineData("GatherElements", "2x3, 3x3", "axis=1", "[3, 3]", "[2, 3]", "axis 1")]
    [InlineData("GatherND", "2x3, 2x3", "", "3 axes", "[2, 3]")]
    [InlineData("GatherND", "2x3x4, 3x1", "batch_dims=1", "[2, 3, 4]", "[3, 1]", "share 1")]
    [InlineData("ScatterElements", "2x3, 1x3, 3", "", "[3]", "[1, 3]")]
    [InlineData("ScatterND", "2x3, 4x1, 4x2", "", "[4, 2]", "[4, 3]")]
    [InlineData("ScatterND", "2x3, 4x3, 4", "", "[4, 3]", "[2, 3]")]
    [InlineData("OneHot", "3, 3", "depth=2", "[3]", "off and on")]
    [InlineData("OneHot", "3, 2", "depth=2 axis=2", "axis 2", "2 axes")]
    [InlineData("NegativeLogLikelihoodLoss", "3x4, 4", "", "[4]", "[3]")]
    [InlineData("SoftmaxCrossEntropyLoss", "3, 3", "", "[3]", "classes")]
    [InlineData("SoftmaxCrossEntropyLoss", "3x4, 3, 3", "", "4 classes", "[3]")]
    [InlineData("LRN", "3", "size=3", "[3]", "channels")]
    [InlineData("LpNormalization", "2x3", "axis=2", "axis 2", "[2, 3]")]
    [InlineData("MeanVarianceNormalization", "2x3", "", "axis 2", "[2, 3]")]
    [InlineData("PRelu", "3, 2x3", "", "slope", "[2, 3]", "[3]")]
    [InlineData("Softmax", "2x3", "axis=2", "axis 2", "[2, 3]", "[-2, 1]")]
    [InlineData("Softmax", "()", "", "axis -1", "scalar")]
    [InlineData("ReduceSum", "2x3", "axes=[-3]", "axis -3", "[2, 3]", "[-2, 1]")]
    [InlineData("ReduceMean", "2x3", "axes=[1,-1]", "axis -1", "twice")]
    [InlineData("Reshape", "2x3", "shape=[4,2]", "6 elements", "[4, 2]")]
    [InlineData("Reshape", "2x3", "shape=[4,-1]", "6 elements", "[4, -1]")]
    [InlineData("Reshape", "2x3", "shape=[2,3,0]", "axis 2", "[2, 3]")]
    [InlineData("Flatten", "2x3", "axis=3", "axis 3", "[2, 3]", "[-2, 2]")]
    [InlineData("Transpose", "2x3", "perm=[0,2,1]", "3 axes", "[2, 3]")]
    [InlineData("Concat", "2x3, 3x3, 4x4", "axis=0", "input 2", "[4, 4]", "[2, 3]", "axis 0")]
    [InlineData("Concat", "2x3, 3", "axis=0", "input 1", "[3]")]
    [InlineData("Concat", "2x3", "axis=2", "axis 2")]
    [InlineData("Slice", "2x3", "starts=[0] ends=[1] axes=[2]", "axis 2", "[2, 3]")]
    [InlineData("Slice", "2x3", "starts=[0,0] ends=[1,1] axes=[1,-1]", "axis -1", "twice")]
    [InlineData("Slice", "2", "starts=[0,0] ends=[1,1]", "axis 1", "[2]")]
    public void Shapes_that_do_not_fit(string name, string shapes, string attributes, params string[] said)
    {
        var example = new FunctionCase(name, shapes, attributes);
        var function = example.Function<float>();
        Says<ShapeException>(name, said, () => function.InferShape(example.InputShapes));
    }

    [Theory]
    [InlineData("Concat", "", "axis", "missing")]
    [InlineData("Reshape", "", "shape", "missing")]
    [InlineData("Reshape", "shape=[-1,-1]", "[-1, -1]", "one")]
    [InlineData("Reshape", "shape=[-2]", "[-2]")]
    [InlineData("Reshape", "shape=[0,-1] allowzero=1", "allowzero")]
    [InlineData("Slice", "starts=[0]", "ends", "missing")]
    [InlineData("Slice", "starts=[0] ends=[1,2]", "1 starts", "2 ends")]
    [InlineData("Slice", "starts=[0] ends=[1] steps=[0]", "step", "0")]
    [InlineData("Transpose", "perm=[0,0]", "[0, 0]", "permutation")]
    [InlineData("Transpose", "perm=[1,2]", "[1, 2]", "permutation")]
    [InlineData("Softmax", "axis=9223372036854775807", "9223372036854775807", "axis")]
    [InlineData("Softmax", "axis=0.5", "axis", "Double")]
    [InlineData("Gemm", "transa=1", "transa", "transA")]
    [InlineData("Tanh", "alpha=1", "alpha")]
    [InlineData("Sin", "alpha=1", "alpha", "none")]
    [InlineData("Gelu", "approximate=erf", "erf", "tanh")]
    [InlineData("Div", "element_type=int7", "int7", "element_type")]
    [InlineData("Cast", "", "to", "missing")]
    [InlineData("Cast", "to=string", "string")]
    [InlineData("Clip", "absent=[0]", "absent", "1 to 2")]
    [InlineData("CumSum", "", "axis", "missing")]
    [InlineData("Expand", "shape=[-1]", "[-1]")]
    [InlineData("Tile", "repeats=[-1,1]", "[-1, 1]")]
    [InlineData("Pad", "", "pads", "missing")]
    [InlineData("Pad", "pads=[1,2,3]", "[1, 2, 3]", "two")]
    [InlineData("Pad", "pads=[1,2] axes=[0,1]", "[1, 2]", "two")]
    [InlineData("Pad", "pads=[1,1,1,1] mode=mirror", "mirror", "reflect")]
    [InlineData("Unsqueeze", "", "axes", "missing")]
    [InlineData("DepthToSpace", "blocksize=0", "blocksize", "positive")]
    [InlineData("DepthToSpace", "blocksize=2 mode=RDC", "RDC", "CRD")]
    [InlineData("GatherND", "batch_dims=-1", "batch_dims", "-1")]
    [InlineData("ScatterND", "reduction=mean", "mean", "max")]
    [InlineData("OneHot", "", "depth", "missing")]
    [InlineData("OneHot", "depth=-1", "depth", "-1")]
    [InlineData("Dropout", "ratio=1.5", "ratio", "1.5")]
    [InlineData("LpNormalization", "p=3", "p is 3", "1 or 2")]
    [InlineData("LRN", "size=0", "size", "positive")]
    [InlineData("NegativeLogLikelihoodLoss", "reduction=max", "max", "mean")]
    [InlineData("Pow", "element_type=text", "text", "element_type")]
    public void Attributes_that_are_missing_wrong_or_unknown(string name, string attributes, params string[] said) =>
        Says<AttributeException>(name, said, () => new FunctionCase(name, "2x3", attributes).Function<float>());

    [Fact]
    public void An_operator_that_there_is_not()
    {
        var error = Assert.Throws<NotSupportedException>(() => OperatorCatalogue<float>.Create("Tann", Attributes.Empty));
        Assert.Contains("'Tann'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Tanh", error.Message, StringComparison.Ordinal);
    }

    private static void Says<TException>(string name, string[] said, Func<object> attempt)
        where TException : Exception
    {
        var message = Assert.Throws<TException>(attempt).Message;
        Assert.StartsWith(name + ": ", message, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
