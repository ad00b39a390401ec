using System.Numerics;
using PcActors.Onnx;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>Theorem: a step of a recurrent operator is a few vertices, which predict and learn with the bits of one
/// vertex for each gate, product and sum, where the errors of a value are summed in the same order.</summary>
public sealed class RewrittenCells
{
    private const string Lstm = "LstmGates LstmOutput LstmState";
    private const string Gru = "GruCandidate GruGates GruState";

    [Theory]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] B[1,32] hidden_size=4 -> p", Lstm, 3)]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] hidden_size=4 -> p", Lstm, 3)]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] B[1,32] ~ i[1,2,4] c[1,2,4] hidden_size=4 -> q;"
        + "LSTM h V[1,16,6] S[1,16,4] hidden_size=4 -> r; Sub q r -> p", Lstm, 6)]
    [InlineData("GRU h W[1,12,6] R[1,12,4] B[1,24] hidden_size=4 linear_before_reset=1 -> p", Gru, 3)]
    [InlineData("GRU h W[1,12,6] R[1,12,4] hidden_size=4 linear_before_reset=1 -> p", Gru, 3)]
    [InlineData("LSTM h W[1,80,6] R[1,80,20] B[1,160] hidden_size=20 -> p", Lstm, 3)]
    [InlineData("LSTM h W[2,16,6] R[2,16,4] B[2,32] hidden_size=4 direction=bidirectional -> p", Lstm, 6)]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] ~ @3,2 hidden_size=4 -> p", Lstm, 3)]
    [InlineData("GRU h W[2,60,6] R[2,60,20] hidden_size=20 linear_before_reset=1 direction=bidirectional -> p", Gru, 6)]
    // The product of the candidate lies between.
    [InlineData("GRU h W[1,12,6] R[1,12,4] B[1,24] hidden_size=4 -> p", "GruState", 3)]
    public void Have_the_same_bits(string lines, string parts, int steps)
    {
        Compare<float>(lines, parts, steps);
        Compare<double>(lines, parts, steps);
    }

    // Peepholes, gates that are one another's rest, and a network without such cells.
    [Theory]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] B[1,32] ~ i[1,2,4] c[1,2,4] P[1,12] hidden_size=4 -> p")]
    [InlineData("LSTM h W[1,16,6] R[1,16,4] hidden_size=4 input_forget=1 -> p")]
    [InlineData("RNN h W[1,4,6] R[1,4,4] hidden_size=4 -> p")]
    public void Others_are_left_as_they_are(string lines)
    {
        var found = OnnxImport.ToGraph<float>(RewritingModel.Of("3,2,6", lines),
            new OnnxImportOptions { Rewrite = ["gru-cell", "lstm-cell"] });
        Assert.Empty(found.Rewritten);
    }

    private static void Compare<T>(string lines, string parts, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var model = RewritingModel.Of("3,2,6", lines);
        var plain = OnnxImport.ToGraph<T>(model, new OnnxImportOptions { Rewrite = [] });
        var rewritten = OnnxImport.ToGraph<T>(model, new OnnxImportOptions { Rewrite = ["gru-cell", "lstm-cell"] });
        var counts = rewritten.Graph.Vertices.Select(v => v.Function?.OperatorType).OfType<string>()
            .Where(type => type.StartsWith("Lstm", StringComparison.Ordinal)
                || type.StartsWith("Gru", StringComparison.Ordinal)).CountBy(type => type)
            .OrderBy(count => count.Key, StringComparer.Ordinal).ToList();
        Assert.Equal(parts, string.Join(' ', counts.Select(count => count.Key)));
        Assert.All(counts, count => Assert.Equal(steps, count.Value));
        RewrittenComparison.AssertLearnAlike(plain.Graph, rewritten.Graph, 0);
    }
}
