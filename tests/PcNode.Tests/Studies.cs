using System.Text.Json.Nodes;
using PcNode.Suite;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>suite: every study runs, goes on where it was stopped, and is read as it is written.</summary>
public sealed class Studies : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Study.All.Select(s => s.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_study_runs_and_goes_on_where_it_was_stopped_with_the_same_numbers(string name)
    {
        var study = Study.All.Single(s => s.Name == name);
        string[] line = ["suite", "--study", name, "--quick", "--out", _folder["report"], "--data", Images(), "--json"];
        var run = await Pcnode.RunAsync(line);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(2 * study.Rows.Count, run.Last.GetProperty("runs").GetInt32());
        // What the study costs comes before its runs.
        Assert.Equal(1 + (2 * study.Rows.Count), run.ErrorLines.Count);
        Assert.StartsWith($"{name}: {2 * study.Rows.Count} runs", run.ErrorLines[0], StringComparison.Ordinal);
        var (text, table) = (Read("report.md"), Numbers());
        Assert.Contains(study.Source, text, StringComparison.Ordinal);
        Assert.Contains(study.Settings, text, StringComparison.Ordinal);
        Assert.DoesNotContain("not complete", text, StringComparison.Ordinal);
        Assert.All(study.Absent, row =>
        {
            Assert.Contains($"| {row.Name} | {row.Measure} |", text, StringComparison.Ordinal);
            Assert.Contains(table, l => l.StartsWith($"{name},{row.Name},,{row.Measure},,", StringComparison.Ordinal)
                && l.EndsWith($",{row.On},,{row.Why}", StringComparison.Ordinal));
        });
        Assert.All(table, l => Assert.Equal(9, l.Split(',').Length));
        Assert.All(study.Rows, row => Assert.Contains(table, l => l.StartsWith($"{name},{row.Name},1,",
            StringComparison.Ordinal)));
        Assert.All(JsonNode.Parse($"[{string.Join(',', Runs())}]")!.AsArray()
            .SelectMany(r => r!["pictures"]!.AsArray()), p => Assert.True(File.Exists(_folder[$"report/{p}"])));

        // Half of the runs are lost, and one line more.
        File.WriteAllLines(_folder["report/runs.jsonl"], Runs()[..study.Rows.Count]);
        var again = await Pcnode.RunAsync(line);
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Contains($"{study.Rows.Count} of {2 * study.Rows.Count} runs are in", again.ErrorLines[0],
            StringComparison.Ordinal);
        Assert.Equal(2 + study.Rows.Count, again.ErrorLines.Count);
        Assert.Equal(table, Numbers());
    }

    [Fact]
    public async Task A_run_under_other_settings_is_made_anew_and_other_studies_stay()
    {
        string[] line = ["suite", "--quick", "--seeds", "1", "--out", _folder["report"], "--data", Images()];
        await Pcnode.RunAsync([.. line, "--study", "pcx"]);
        File.WriteAllText(_folder["report/runs.jsonl"],
            Read("runs.jsonl").Replace("\"quick\":\"true\"", "\"quick\":\"false\"", StringComparison.Ordinal));
        await Pcnode.RunAsync([.. line, "--study", "prospective"]);
        Assert.Contains(Runs(), r => r.Contains("\"study\":\"pcx\"", StringComparison.Ordinal));
        var run = await Pcnode.RunAsync([.. line, "--study", "pcx"]);
        Assert.Contains("2 of the runs", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Runs(), r => r.Contains("\"quick\":\"false\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_suite_that_is_interrupted_says_what_it_has()
    {
        using var cancellation = new CancellationTokenSource();
        var running = Pcnode.RunAsync(
            ["suite", "--study", "prospective", "--seeds", "1000", "--out", _folder["report"]], cancellation.Token);
        while (!File.Exists(_folder["report/runs.jsonl"])) await Task.Delay(10);
        await cancellation.CancelAsync();
        var run = await running;
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("the same command goes on", run.Error, StringComparison.Ordinal);
        Assert.Contains("not complete", Read("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_whose_data_are_not_there_is_listed_as_such()
    {
        var files = new Dictionary<string, string>();
        void Save(string name, Action<Stream> write)
        {
            using var stream = new MemoryStream();
            write(stream);
            files[name] = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }
        var suite = new SuiteRuns([.. Study.All.Where(s => s.NeedsImages)], null, true, null, Save);
        new SuiteReport(Save).Write(suite);
        Assert.Equal(0, suite.Count);
        Assert.All(suite.Studies,
            s => Assert.Contains($"## {s.Name}: {s.Title}", files["report.md"], StringComparison.Ordinal));
        Assert.Equal(suite.Studies.Count + 1, files["report.md"].Split("its data are not there").Length);
        Assert.All(suite.Studies.SelectMany(s => s.Rows.Select(r => $"{s.Name},{r.Name},,{s.Measure},,")), start =>
            Assert.Contains(files["results.csv"].Split('\n'), l => l.StartsWith(start, StringComparison.Ordinal)
                && l.Contains("are not there", StringComparison.Ordinal)));
    }

    [Fact]
    public void Intervals_and_tests_are_those_of_Student()
    {
        // With 2 degrees of freedom the distribution is (1 + t / sqrt(2 + t^2)) / 2, and its quantile 4.302653.
        double[] numbers = [1, 2, 4];
        Assert.Equal(3.7946, Sample.HalfWidth(numbers), 0.0001);
        Assert.Equal(0.1181, Sample.PairedP(numbers), 0.0001);
        Assert.True(double.IsNaN(Sample.HalfWidth([1])));
        Assert.Equal((1, 0), (Sample.PairedP([0, 0]), Sample.PairedP([2, 2])));
    }

    [Fact]
    public void Weights_are_drawn_as_JAX_draws_them()
    {
        // Random123's known answer for Threefry 2x32-20; the others are a PyTorch program's of the same generator.
        Assert.Equal((0x6b200159u, 0x99ba4efeu), new JaxKey(0, 0).Block(0, 0));
        Assert.Equal([1.0040144f, -0.9063373f, -0.7481723f, -1.1713668f], Draw(0, 4), Near);
        Assert.Equal([-2.4424562f, -2.0356808f, 0.2055442f, -0.3535501f], Draw(1, 4), Near);
        Assert.Equal([-2.3727763f, 0.8610809f, 0.0099274f, -1.3000438f], Draw(31, 4), Near);
        Assert.Equal(20181.389, Draw(0, 784 * 32).Sum(x => Math.Abs((double)x)), 0.01);

        static bool Near(float a, float b) => Math.Abs(a - b) < 1e-6f;
        static IEnumerable<float> Draw(uint layer, int count) =>
            Enumerable.Range(0, count).Select(i => JaxKey.From(0).Child(layer).Normal((uint)i));
    }

    [Fact]
    public void A_published_figure_of_other_data_is_said_to_be_and_not_subtracted()
    {
        var text = "";
        void Save(string name, Action<Stream> write)
        {
            using var stream = new MemoryStream();
            write(stream);
            if (name == "report.md") text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }
        var studies = Study.All.Where(s => s.Name is "mupc" or "pcx").ToList();
        var suite = new SuiteRuns(studies, 1, false, new StudyImages(_folder["images"]), Save);
        suite.Resume(
        [
            .. studies.SelectMany(s => s.Rows.Select(row => new StudyRun
            {
                Study = s.Name,
                Row = row.Name,
                Seed = 0,
                Settings = suite.SettingsOf(s),
                Numbers = new Dictionary<string, double> { [s.Measure] = 0.5 },
                WeightsSha256 = "",
                Seconds = 1,
            })),
        ]);
        new SuiteReport(Save).Write(suite);
        Assert.Contains("| 0.8988 | the same data | 0.5000 |  | -0.3988 | 1 |", text, StringComparison.Ordinal);
        Assert.Contains("| 0.9326 | MNIST | 0.5000 |  |  | 1 |", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 11749869230777074271UL, 4976686463289251617UL, new[] { 9, 2, 7, 4, 5, 11, 0, 3, 6, 10, 8, 1 })]
    [InlineData(1UL, 9441442522235856127UL, 17532960557476522086UL, new[] { 8, 11, 4, 7, 5, 0, 1, 9, 2, 10, 6, 3 })]
    [InlineData((1UL << 40) + 7, 15307346044642009514UL, 4709548916763817589UL,
        new[] { 8, 2, 6, 1, 11, 9, 3, 7, 4, 5, 0, 10 })]
    public void Orders_are_drawn_as_NumPy_draws_them(ulong seed, ulong first, ulong second, int[] order)
    {
        // NumPy 1.24.2: default_rng(seed).bit_generator.random_raw(2), and default_rng(seed).permutation(12).
        var random = new NumPyRandom(seed);
        Assert.Equal((first, second), (random.Next(), random.Next()));
        Assert.Equal(order, new NumPyRandom(seed).Permutation(12));
    }

    [Fact]
    public void A_long_order_is_the_one_that_NumPy_draws()
    {
        // NumPy 1.24.2: SeedSequence(0).generate_state(4, uint64); p = default_rng(0).permutation(60000).
        Assert.Equal(
            [15793235383387715774, 12390638538380655177, 2361836109651742017, 3188717715514472916],
            NumPyRandom.Seeds(0));
        var order = new NumPyRandom(0).Permutation(60000);
        Assert.Equal([4013, 23840, 29603, 43011, 58703], order[..5]);
        Assert.Equal([48632, 55073, 33375], order[^3..]);
        Assert.Equal(29890072344, order.Index().Sum(p => (long)p.Item * p.Index % 1000003));
    }

    [Fact]
    public async Task What_is_wrong_is_named_in_a_line()
    {
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "missing"], "suite");
        string[] line = ["suite", "--quick", "--out", _folder["report"]];
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--study", "'pc'", "pcx"], [.. line, "--study", "pc"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--seeds", "'0'"], [.. line, "--seeds", "0"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--data", "'nowhere'"], [.. line, "--data", "nowhere"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "file"],
            "suite", "--quick", "--out", _folder.Write("file", ""));
        Directory.CreateDirectory(_folder["report"]);
        _folder.Write("report/runs.jsonl", "{}\n");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "line 1", "runs.jsonl"], line);
    }

    private string Read(string file) => File.ReadAllText(_folder[$"report/{file}"]);

    private string[] Runs() => File.ReadAllLines(_folder["report/runs.jsonl"]);

    /// <summary>The table without its last column, which is the time.</summary>
    private string[] Numbers() =>
        [.. File.ReadAllLines(_folder["report/results.csv"]).Select(l => l[..l.LastIndexOf(',')])];

    /// <summary>A folder in MNIST's layout: 64 images to train and 16 to test on.</summary>
    private string Images()
    {
        var folder = _folder["images"];
        if (Directory.Exists(folder)) return folder;
        Directory.CreateDirectory(folder);
        foreach (var (part, count) in new[] { ("train", 64), ("t10k", 16) })
        {
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
            byte[] pixels = [
                .. Enumerable.Range(0, count * 784).Select(i => (byte)(i * 31 % 251 * (i / 784 % 10) / 9))];
            File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"),
                [0, 0, 8, 1, 0, 0, 0, (byte)count, .. labels]);
            File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"),
                [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 28, 0, 0, 0, 28, .. pixels]);
        }
        return folder;
    }
}
