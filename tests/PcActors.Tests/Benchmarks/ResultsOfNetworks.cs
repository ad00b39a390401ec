using System.Text.Json;
using PcActors.Benchmarks;
using PcActors.Onnx;
using PcActors.Tests.Data;

namespace PcActors.Tests.Benchmarks;

/// <summary>What the benchmarks measure of networks from model files is printed and written as it is there, and a
/// network that cannot be measured costs no other one.</summary>
public sealed class ResultsOfNetworks : IDisposable
{
    private static readonly NetworkTimes Alone = new("mlp", 13, 4, 2, 3, null, null, 1, 78, null);
    private static readonly NetworkTimes Compared = new("cnn", 1019, 40, 20, 30, 50, 10, 5, 78, 90);

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Markdown => File.ReadAllText(_folder.PathOf("networks.md"));

    private string[] Lines => File.ReadAllLines(_folder.PathOf("networks.jsonl"));

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Numbers_that_are_not_there_are_null()
    {
        using var json = JsonDocument.Parse(Alone.ToJson());
        Assert.Equal(
            ["pyTorch", "pyTorch1", "pyTorch2", "pyTorchPeak", "toPyTorch"],
            json.RootElement.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Null)
                .Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["network"],
            json.RootElement.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String)
                .Select(one => one.Name));
    }

    [Fact]
    public void The_better_of_two_times_is_compared()
    {
        Assert.Equal(10, Compared.PyTorch);
        Assert.Equal(2, Compared.ToPyTorch);
        Assert.Equal(50, (Compared with { PyTorch2 = null }).PyTorch);
        Assert.Equal(5, (Compared with { PyTorch1 = 5 }).PyTorch);
    }

    [Fact]
    public void A_table_is_empty_where_there_is_no_number()
    {
        var rows = NetworkTimes.Table([Alone, Compared with { Floor = 0 }]).Split(Environment.NewLine);
        Assert.Equal("| mlp | 13 | 4.00 | 2.00 | 3.00 |  |  |  | 0.50 | 0.75 | 1.00 | 2.00 | 78 |  |", rows[2]);
        Assert.Equal(
            "| cnn | 1,019 | 40.0 | 20.0 | 30.0 | 50.0 | 10.0 | 2.00 | 0.50 | 0.75 | 0.00 |  | 78 | 90 |", rows[3]);
        Assert.Equal("The geometric mean of Z-IL / PyTorch is 2.00.", rows[5]);
    }

    [Fact]
    public async Task Each_is_printed_and_written_before_the_next_is_measured()
    {
        await Results().TakeAsync(["a.onnx", "b.onnx"], file =>
        {
            if (file == "a.onnx") return Task.FromResult(Alone);
            Assert.Equal($"{Alone.ToJson()}{Environment.NewLine}", _output.ToString());
            Assert.Equal([Alone.ToJson()], Lines);
            Assert.Equal(NetworkTimes.Table([Alone]), Markdown);
            return Task.FromResult(Compared);
        });
        Assert.Equal([Alone.ToJson(), Compared.ToJson()], Lines);
        Assert.Equal(NetworkTimes.Table([Alone, Compared]), Markdown);
        Assert.EndsWith($"{Environment.NewLine}{Markdown}", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task One_that_cannot_be_measured_is_named_and_the_others_are_measured()
    {
        var end = await Assert.ThrowsAsync<ModeException>(() => Results().TakeAsync(
            ["a.onnx", "b.onnx", "c.onnx"], file => file switch
            {
                "a.onnx" => throw new OnnxException("a.onnx", "no model"),
                "b.onnx" => Task.FromResult(Alone),
                _ => Task.FromException<NetworkTimes>(new InvalidOperationException("no\nloss")),
            }));
        Assert.Equal("networks: 2 of 3 could not be measured", end.Message);
        Assert.Equal(["a.onnx: no model", "c.onnx: no loss", ""], _error.ToString().Split(Environment.NewLine));
        Assert.Equal([Alone.ToJson()], Lines);
        Assert.Equal(
            [.. NetworkTimes.Table([Alone]).Split(Environment.NewLine), "Not measured:", "", "- a.onnx: no model",
                "- c.onnx: no loss", ""],
            Markdown.Split(Environment.NewLine));
        Assert.EndsWith(Markdown, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_printed_still()
    {
        Directory.CreateDirectory(_folder.PathOf("networks.md"));
        var end = await Assert.ThrowsAsync<ModeException>(
            () => Results().TakeAsync(["a.onnx", "b.onnx"], _ => Task.FromResult(Alone)));
        Assert.Equal($"networks: not all results are in '{_folder.Path}'", end.Message);
        Assert.EndsWith(NetworkTimes.Table([Alone, Alone]), _output.ToString(), StringComparison.Ordinal);
        var line = Assert.Single(_error.ToString().TrimEnd().Split(Environment.NewLine));
        Assert.Contains("networks.md", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused_beforehand()
    {
        var folder = _folder.PathOf("results");
        NetworkResults.Prepare(folder);
        Assert.True(File.Exists(Path.Combine(folder, "networks.jsonl")));
        Directory.CreateDirectory(_folder.PathOf("networks.md"));
        var below = Path.Combine(folder, "networks.jsonl", "below");
        foreach (var bad in (string[])[_folder.Path, below])
        {
            Assert.StartsWith(
                "networks: OUT cannot be written to: ",
                Assert.Throws<ModeException>(() => NetworkResults.Prepare(bad)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_an_earlier_run_left_stays_until_there_is_something()
    {
        _folder.Write("networks.md", "before");
        NetworkResults.Prepare(_folder.Path);
        Assert.Equal("before", Markdown);
    }

    private NetworkResults Results() => new(_folder.Path, _output, _error);
}
