using System.Text;
using PcActors.Data;
using PcActors.Data.Files;

namespace PcActors.Tests.Data;

public class CsvMutations
{
    [Theory]
    [InlineData("1,2,0\n3,4,1\n")]
    [InlineData("1,2,0\r\n3,4,1")]
    [InlineData("a,b,label\n1,2,0\n3,4,1\n")]
    [InlineData("0,1,target\n1.0,2e0,0.0\n3,+4,1\n")]
    [InlineData("\"x, y\",z,\"label\"\n 1 , 2 , 0 \n\n3,4,1.0e0\n\n")]
    [InlineData("\uFEFF1,2,0\n3,4,1\n")]
    public void Headers_blank_lines_and_spaces_change_nothing(string text)
    {
        using var folder = new TemporaryFolder();
        Check(folder.Write("a.csv", text));
        Check(folder.Write("a.csv.GZ", TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(text))));

        static void Check(string path)
        {
            var (features, labels) = DataFile.Read(path, CsvFile.Read<double>);
            Assert.Equal([2, 2], features.Shape.Dimensions.ToArray());
            Assert.Equal([1, 2, 3, 4], features.Span.ToArray());
            Assert.Equal([0, 1], labels);
        }
    }

    [Theory]
    [InlineData("1,2,0\n3,x,1\n", "line 2, column 2", "'x' is not a number")]
    [InlineData("1,2,0\n3;4;1\n", "line 2", "1 columns", "has 3")]
    [InlineData("1,2,0\n\n3,4\n", "line 3", "2 columns", "has 3")]
    [InlineData("1,2,0\n3,4,5,1\n", "line 2", "4 columns", "has 3")]
    [InlineData("a,b,label\n1,,0\n", "line 2, column 2", "'' is not a number")]
    [InlineData("1,NaN,0\n", "line 1, column 2", "'NaN'", "finite")]
    [InlineData("1,-Infinity,0\n", "line 1, column 2", "'-Infinity'", "finite")]
    [InlineData("1,1e39,0\n", "line 1, column 2", "'1e39'", "too large")]
    [InlineData("1,2,0.5\n", "line 1, column 3", "'0.5' is not a label", "integers")]
    [InlineData("1,2,-1\n", "line 1, column 3", "'-1' is not a label")]
    [InlineData("1,2,65536\n", "line 1, column 3", "'65536' is not a label", "65535")]
    [InlineData("1,2,0\n3,4,virginica\n", "line 2, column 3", "'virginica'", "the lines before have numbers")]
    [InlineData("1,2,setosa\n3,4,virginica\n5,6,7", "line 3, column 3", "'7'", "words")]
    [InlineData("\"x, y\",label\n1,2,0\n3,4,1\n", "line 2", "3 columns", "the header has 2")]
    [InlineData("5\n6\n", "line 1, column 1", "one column")]
    [InlineData("a,b,label\n", "no line of numbers")]
    [InlineData("\n \n", "no line of numbers")]
    [InlineData("1,2,0\n", "1 of 1 samples")]
    [InlineData("1,2,3\n4,5,3\n6,7,3\n", "label 3", "at least two classes")]
    [InlineData("1,2,0\n1,\u0000\u0001\u0002abcdefghijklmnopqrstuvwxyz,1\n", "'???abcdefghijklmnopqrstu...'")]
    public void What_is_wrong_is_named_with_line_and_column(string text, params string[] words)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.csv", text);
        Refusal.Of(() => DatasetLoader.Load<float>(path), [path, .. words]);
    }

    [Fact]
    public void Numbers_are_read_to_the_nearest_in_the_wanted_type()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.csv", "0.1,0\n16777217,1\n");
        Assert.Equal([0.1f, 16777216f], DataFile.Read(path, CsvFile.Read<float>).Features.Span.ToArray());
        Assert.Equal([0.1, 16777217], DataFile.Read(path, CsvFile.Read<double>).Features.Span.ToArray());
    }
}
