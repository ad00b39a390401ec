using System.Text;
using PcActors.Data;

namespace PcActors.Tests.Data;

/// <summary>Golden: one table in every form that is accepted, and what is refused of it.</summary>
public sealed class CsvForms : IDisposable
{
    private static readonly string[] Lines =
        [.. Enumerable.Range(0, 12).Select(i => $"{i}.5,-{i},{(i % 2 == 0 ? "even, or so" : "odd \"one\"")}")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a,b,kind", ',', "\n", "a.csv")]
    [InlineData("a,b,kind", ',', "\r\n", "a.csv")]
    [InlineData("\uFEFFa,b,kind", ',', "\r\n", "a.csv")]
    [InlineData("a,\"b\n(two lines)\",kind", ',', "\n", "a.csv")]
    [InlineData(null, ',', "\n", "a.csv")]
    [InlineData("a,b,kind", ';', "\n", "a.csv")]
    [InlineData(null, ';', "\r\n", "a.csv.gz")]
    [InlineData("a,b,kind", '\t', "\n", "a.tsv")]
    [InlineData("a,b,kind", '|', "\n", "a.csv")]
    [InlineData("1,2,class", ',', "\n\n", "a.csv")]
    public void The_form_changes_nothing(string? header, char separator, string end, string name)
    {
        var rows = Lines.Select(l => l.Split(',', 3)).Select(f => string.Join(separator, f[0], f[1], Quoted(f[2])));
        var lines = header is null ? rows : rows.Prepend(header.Replace(',', separator));
        var text = string.Join(end, lines) + end;
        var split = DatasetLoader.Load<double>(Write(name, text));
        Assert.Equal((10, 2), (split.Train.Count, split.Test.Count));
        Assert.Equal(["even, or so", "odd \"one\""], split.Train.ClassNames);
        foreach (var part in new[] { split.Train, split.Test })
        {
            for (var i = 0; i < part.Count; i++)
            {
                var number = -(int)part.Features.Span[(2 * i) + 1];
                Assert.Equal(number + 0.5, part.Features.Span[2 * i]);
                Assert.Equal(number % 2, part.Labels[i]);
            }
        }
    }

    [Fact]
    public void Spaces_divide_where_nothing_else_does()
    {
        var split = DatasetLoader.Load<double>(Write("s.csv",
            string.Join('\n', Enumerable.Range(0, 12).Select(i => $"{i}.5 -{i} {i % 2}")) + '\n'));
        Assert.Equal([2], split.Train.SampleShape.Dimensions.ToArray());
        Assert.Contains("separated by spaces", split.Notice, StringComparison.Ordinal);
        for (var i = 0; i < split.Train.Count; i++)
            Assert.Equal(-split.Train.Features.Span[(2 * i) + 1] + 0.5, split.Train.Features.Span[2 * i]);
    }

    [Theory]
    [InlineData("a,b,kind\n1,2,x\n3,4,\"y\n5,6,x\n7,8,y\n", 3)]
    [InlineData("a,b,kind\n1,2,0\n3,4,\"1\n5,6,0\n7,8,1\n", 3)]
    [InlineData("a,b,\"kind\n1,2,0\n3,4,1\n", 1)]
    [InlineData("a,b,kind\n1,2,x\n3,4,\"y", 3)]
    public void A_quote_that_never_ends_is_named(string text, int line) => Refusal.Of(
        () => DatasetLoader.Load<float>(Write("q.csv", text)), $"q.csv, line {line}:", "a quote begins in it that");

    [Theory]
    [InlineData("price", "", 2, "numbers")]
    [InlineData("4", "", 2, "numbers")]
    [InlineData("PRICE", "", 2, "numbers")]
    [InlineData("price,rooms", "", 1, "numbers")]
    [InlineData("rooms", "", 2, "3 classes")]
    [InlineData("rooms", "area", 1, "3 classes")]
    [InlineData(Feed.Features, "", 3, "no target")]
    public void Columns_are_chosen_by_name_and_number(string target, string ignored, int features, string words)
    {
        var lines = Enumerable.Range(0, 12).Select(i => $"{i},{i}.25,{i % 3},{1000 * i}");
        var split = DatasetLoader.Load<float>(Write("h.csv", "id,area,rooms,price\n" + string.Join('\n', lines)),
            new DatasetOptions
            {
                Target = target,
                Ignored = ["id", .. ignored.Length > 0 ? [ignored] : Array.Empty<string>()],
            });
        Assert.Equal(features, split.Train.SampleShape.Length);
        Assert.Contains(words, split.Notice, StringComparison.Ordinal);
        for (var i = 0; i < split.Train.Count && target == "price,rooms"; i++)
        {
            var number = MathF.Round(split.Train.Features.Span[i] - 0.25f);
            Assert.Equal([1000 * number, number % 3], split.Train.Targets!.Rows(i, 1).Span.ToArray());
        }
    }

    [Theory]
    [InlineData("0,1,2,3", CsvHeader.Auto, 12)]
    [InlineData("1,2,3,4", CsvHeader.Auto, 12)]
    [InlineData("0,1,2,3", CsvHeader.No, 13)]
    [InlineData("5,6,7,1", CsvHeader.Auto, 13)]
    [InlineData("5,6,7,1", CsvHeader.Yes, 12)]
    [InlineData("?,6,7,1", CsvHeader.Yes, 12)]
    [InlineData("a,b,7,d", CsvHeader.Auto, 12)]
    public void A_header_of_numbers_counts_the_columns_or_is_named(string first, CsvHeader header, int samples)
    {
        var lines = Enumerable.Range(0, 12).Select(i => $"{i},7,8,{i % 2}").Prepend(first);
        var (train, test) = DatasetLoader.Load<float>(Write("n.csv", string.Join('\n', lines)),
            new DatasetOptions { Header = header });
        Assert.Equal(samples, train.Count + test.Count);
    }

    [Fact]
    public void A_row_number_without_a_name_is_passed_over()
    {
        var lines = Enumerable.Range(0, 12).Select(i => $"{i},7,{i % 2}").Prepend(",a,label");
        Assert.Equal(1, DatasetLoader.Load<float>(Write("p.csv", string.Join('\n', lines))).Train.SampleShape.Length);
    }

    [Theory]
    [InlineData("a,b,label\n1,2,0\n3,NA,1\n", "line 3, column 2 'b'", "'NA'", "missing")]
    [InlineData("a,b,label\n1,2,0\n\"3\n\",,1\n", "line 3, column 2 'b'", "''", "missing")]
    [InlineData("a,b,label\n1,2,\n", "line 2, column 3 'label'", "missing")]
    [InlineData("a;b;label\n1,5;2;0\n2,5;2;1\n", "line 2, column 1 'a'", "'1,5'", "decimal point")]
    [InlineData("name,b,label\nx,2,0\ny,3,1\n", "line 2, column 1 'name'", "'x'", "--ignore")]
    [InlineData("a,b\n1,2,0\n", "line 2", "3 columns", "the header has 2")]
    [InlineData("a,label,label\n1,2,0\n", "columns 2 and 3", "both called a label's")]
    [InlineData("1,2,0\n3,\"4,1\n", "a.csv")]
    public void What_is_wrong_is_named_by_line_and_column(string text, params string[] words)
    {
        var path = Write("a.csv", text);
        Refusal.Of(() => DatasetLoader.Load<float>(path), [path, .. words]);
    }

    [Theory]
    [InlineData("size", "no column 'size'; its columns are 'a', 'b', 'label'")]
    [InlineData("9", "no column '9'")]
    public void A_column_that_there_is_not_is_answered_with_those_that_there_are(string target, string words)
    {
        var path = Write("a.csv", "a,b,label\n1,2,0\n3,4,1\n");
        Refusal.Of(() => DatasetLoader.Load<float>(path, new DatasetOptions { Target = target }), path, words);
        Refusal.Of(() => DatasetLoader.Load<float>(path, new DatasetOptions { Ignored = [target] }), path, words);
    }

    private static string Quoted(string field) =>
        $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string Write(string name, string text) => name.EndsWith(".gz", StringComparison.Ordinal)
        ? _folder.Write(name, TemporaryFolder.Gzip(Encoding.UTF8.GetBytes(text))) : _folder.Write(name, text);
}
