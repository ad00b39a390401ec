using PcActors.Data;

namespace PcActors.Tests.Data;

/// <summary>Golden: the label's column is the one that a header names, and otherwise the last.</summary>
public sealed class CsvHeaders : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("label,a,b", "L,7,8")]
    [InlineData("Label,0,1", "L,7,8")]
    [InlineData("\"class\",\"a\",\"b\"", "L,7,8")]
    [InlineData("a,target,b", "7,L,8")]
    [InlineData("a,b,label", "7,8,L")]
    [InlineData("a,b,c", "7,8,L")]
    public void The_header_says_which_column_is_the_label(string header, string line)
    {
        var lines = Enumerable.Range(0, 40).Select(i => line.Replace("L", $"{i % 2}", StringComparison.Ordinal));
        var data = DatasetLoader.Load<float>(_folder.Write("d.csv", $"{header}\n{string.Join('\n', lines)}\n"));
        Assert.Equal(2, data.Train.SampleShape.Length);
        Assert.Equal([0, 1], data.Train.Labels.ToArray().Distinct().Order());
        Assert.Equal([7, 8], data.Train.Features.Span[..2].ToArray());
    }

    [Fact]
    public void Two_labels_are_refused()
    {
        var path = _folder.Write("d.csv", "label,a,class\n1,2,3\n");
        Assert.Contains("columns 1 and 3", Assert.Throws<DataException>(() => DatasetLoader.Load<float>(path)).Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
