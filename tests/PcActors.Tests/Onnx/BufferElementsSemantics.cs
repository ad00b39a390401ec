using PcActors.Onnx;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: elements that no training begins with are signs of a buffer, whatever its name is, and the usual
/// first values of weights are none.</summary>
public class BufferElementsSemantics
{
    private const string Mask = "it is a mask of large numbers";
    private const string Triangle = "it is a triangle of ones, as a causal mask is";
    private const string Sines = "it is a table of sines or cosines, as of positions";
    private const string Counts = "it counts 0, 1, 2, ..., as positions do";
    private const string Series = "it is a geometric series, as of frequencies";

    [Theory]
    [InlineData(Mask, 1, 3, -1e9f, 0f, -65504f)]
    [InlineData(Mask, 1, 4, 0f, -100f, -100f, 0f)]
    [InlineData(Mask, 1, 4, 1e9f, 0f, 0f, 1e9f)]
    [InlineData(Mask, 1, 2, -1e4f, -1e4f)]
    [InlineData(null, 1, 2, 100f, 100f)]
    [InlineData(null, 1, 3, 100f, 0f, 120f)]
    [InlineData(Triangle, 2, 2, 1f, 0f, 1f, 1f)]
    [InlineData(Triangle, 2, 2, 1f, 1f, 0f, 1f)]
    [InlineData(Triangle, 3, 3, 0f, 1f, 1f, 0f, 0f, 1f, 0f, 0f, 0f)]
    [InlineData(Triangle, 3, 3, 0f, 0f, 0f, 1f, 0f, 0f, 1f, 1f, 0f)]
    [InlineData(null, 3, 3, 1f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 1f)]
    [InlineData(null, 2, 2, 1f, 1f, 1f, 1f)]
    [InlineData(null, 2, 2, 0f, 0f, 0f, 0f)]
    [InlineData(Counts, 1, 3, 0f, 1f, 2f)]
    [InlineData(null, 1, 2, 0f, 1f)]
    [InlineData(null, 1, 3, 0f, 1f, 3f)]
    [InlineData(Series, 1, 4, 1f, 0.1f, 0.01f, 0.001f)]
    [InlineData(Series, 1, 4, 0.5f, 0.25f, 0.125f, 0.0625f)]
    [InlineData(null, 1, 4, 1f, 1f, 1f, 1f)]
    [InlineData(null, 1, 4, 1f, 0.1f, 0.01f, 0.002f)]
    public void Vectors_and_masks(string? expected, int rows, int columns, params float[] values) =>
        Assert.Equal(expected, ReasonOf(rows == 1 ? [columns] : [rows, columns], values));

    [Theory]
    [InlineData(3, 8, 0, false)]
    [InlineData(5, 8, 0, false)]
    [InlineData(40, 6, 0, true)]
    [InlineData(40, 6, 2, false)]
    public void Tables_of_positions(int rows, int width, int first, bool isHalved)
    {
        var table = new float[rows * width];
        for (var i = 0; i < table.Length; i++)
        {
            var (position, column) = (first + (i / width), i % width);
            var (pair, isSine) = isHalved ? (column % (width / 2), column < width / 2) : (column / 2, column % 2 == 0);
            var angle = position * Math.Pow(10000, -2.0 * pair / width);
            table[i] = (float)(isSine ? Math.Sin(angle) : Math.Cos(angle));
        }
        Assert.Equal(Sines, ReasonOf([rows, width], table));
        Assert.Equal(Sines, ReasonOf([rows, 1, width], table));
        Assert.Equal(Sines, ReasonOf([1, rows, width], [.. table.Select(e => (float)(Half)e)]));
        table[^1] -= 0.05f;
        Assert.Equal(rows < 4 ? Sines : null, ReasonOf([rows, width], table));
    }

    [Fact]
    public void First_values_of_weights()
    {
        Assert.Null(ReasonOf([5, 3], [.. Enumerable.Range(0, 15).Select(i => MathF.Sin(i + 1))]));
        var random = new Random(1);
        foreach (var (rows, columns) in new[] { (2, 2), (3, 4), (4, 1), (4, 2), (5, 3), (64, 16) })
        {
            foreach (var scale in new[] { 1e-6f, 0.02f, 1, 30 })
            {
                float[] values = [.. Enumerable.Range(0, rows * columns)
                    .Select(_ => scale * ((2 * random.NextSingle()) - 1))];
                Assert.Null(ReasonOf([rows, columns], values));
            }
        }
    }

    private static string? ReasonOf(long[] extents, float[] values)
    {
        var model = new TestModel().Input("x", [.. extents.Select(e => (object)(int)e)]).Floats("w", extents, values)
            .Node("Mul", "x w", "y").Output("y").Model;
        try
        {
            return OnnxImport.ToGraph<float>(model).Candidates.Single().Reason;
        }
        catch (OnnxException)
        {
            return OnnxImport.ToGraph<float>(model, new() { Learning = ["w"] }).Candidates.Single().Reason;
        }
    }
}
