using PcNode.Experiments;
using PcNode.Reports;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>bench and paper: what they measure, write and refuse.</summary>
public sealed class Benches
{
    [Fact]
    public async Task Bench_gives_the_times_of_all_rules_and_their_ratios()
    {
        var run = await Pcnode.RunAsync(
            "bench", "mlp", "rnn", "--data", "digits", "--hidden", "5", "--batch", "8", "--turns", "1",
            "--inference-steps", "3", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(["mlp", "rnn"], run.Json.Select(j => j.GetProperty("model").GetString()));
        Assert.All(run.Json, result =>
        {
            Assert.Equal("bench", result.GetProperty("event").GetString());
            Assert.Equal(8, result.GetProperty("batch").GetInt32());
            Assert.Equal(1, result.GetProperty("threads").GetInt32());
            Assert.Equal(3, result.GetProperty("inferenceSteps").GetInt32());
            var (bp, zil, il) = (Number("bpMilliseconds"), Number("zilMilliseconds"), Number("ilMilliseconds"));
            Assert.True(bp > 0 && zil > 0 && il > 0);
            Assert.Equal(zil / bp, Number("zilOverBp"), 1e-9 * zil / bp);
            Assert.Equal(il / bp, Number("ilOverBp"), 1e-9 * il / bp);
            double Number(string key) => result.GetProperty(key).GetDouble();
        });
        Assert.Equal(2, run.ErrorLines.Count);
        Assert.Matches("^1 of 2: mlp, Z-IL / BP [0-9.]+; about [0-9]+ s left$", run.ErrorLines[0]);
        Assert.Matches("^2 of 2: rnn, Z-IL / BP [0-9.]+$", run.ErrorLines[1]);
        Assert.Equal((64 * 5) + 5 + (5 * 10) + 10, run.Json[0].GetProperty("trainableParameters").GetInt64());
    }

    [Theory]
    [InlineData(20, 7)]
    [InlineData(5_000, 7)]
    [InlineData(14_000, 1)]
    [InlineData(60_001, 0)]
    public void A_first_update_of_inference_learning_counts_only_where_it_takes_minutes(
        double milliseconds, int more) =>
        Assert.Equal(more, UpdateTiming.TurnsAfter(milliseconds, turns: 7));

    [Fact]
    public async Task Bench_shows_a_table()
    {
        var run = await Pcnode.RunAsync("bench", "mlp", "--data", "digits", "--hidden", "5", "--turns", "1",
            "--inference-steps", "2");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("Z-IL / BP", run.Output, StringComparison.Ordinal);
        Assert.Contains("T = 2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_shows_the_T_of_each_network_where_they_differ()
    {
        using var folder = new TemporaryFolder();
        int[] steps = [2, 3];
        string[] files = [
            .. steps.Select(
                t => folder.Write($"{t}.conf", $"pcactors {{ model = mlp, data = digits, hidden = [5], "
                    + $"inference-steps = {t} }}"))];
        var run = await Pcnode.RunAsync(["bench", .. files, "--turns", "1"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("T = ", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\bT\b", run.Output);
        Assert.All(steps, t => Assert.Matches($@"\s{t}\s", run.Output));
    }

    [Fact]
    public void The_papers_times_have_columns_of_T_and_threads_where_they_differ()
    {
        using var folder = new TemporaryFolder();
        var (one, other) = (Timed("mlp", 1, 20), Timed("rnn", 2, 30));
        Assert.Equal(("network,parameters,batch,BP ms", "IL with T = 20."), Written(one, one));
        Assert.Equal(("network,parameters,batch,T,BP ms", "IL with the table's T."), Written(one, Timed("rnn", 1, 30)));
        Assert.Equal(("network,parameters,batch,threads,T,BP ms", "IL with the table's T."), Written(one, other));
        Assert.StartsWith("rnn,9,8,2,30,1,", File.ReadAllLines(folder["times.csv"])[2], StringComparison.Ordinal);

        (string, string) Written(params UpdateTimes[] times)
        {
            var settings = new Dictionary<string, string>();
            var measured = times
                .Select(t => new Measurement { Part = t.Model, Settings = settings, Seconds = 1, Times = t }).ToList();
            new PaperReport(folder.Path, "--out").Write("", new Dictionary<string, int>(), measured, measured.Count);
            var text = File.ReadAllText(folder["report.md"]);
            return (File.ReadAllLines(folder["times.csv"])[0].Split(",Z-IL ms")[0],
                text[text.IndexOf("IL with", StringComparison.Ordinal)..].Split(" The ")[0]);
        }

        static UpdateTimes Timed(string model, int threads, int steps) => new()
        {
            Model = model,
            DType = "f32",
            Batch = 8,
            Threads = threads,
            Vertices = 5,
            Parameters = 9,
            InferenceSteps = steps,
            Bp = 1,
            Zil = 2,
            Il = 3,
            ZilOverBp = 2,
        };
    }

    [Fact]
    public async Task Paper_writes_a_report_with_tables_and_figures()
    {
        using var folder = new TemporaryFolder();
        var run = await Pcnode.RunAsync("paper", "mlp", "residual", "--out", folder["report"], "--turns", "1", "--data",
            "digits", "--batch", "8", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.True(run.Last.GetProperty("allIdentical").GetBoolean());
        var text = await File.ReadAllTextAsync(run.Last.GetProperty("report").GetString()!);
        Assert.Contains("| mlp |", text, StringComparison.Ordinal);
        Assert.Contains("0, the same bits", text, StringComparison.Ordinal);
        Assert.Contains("3.81", text, StringComparison.Ordinal);
        Assert.Contains("Data: digits; seed 0; elements f32; one update each, by ", text, StringComparison.Ordinal);
        // Every file that the report names is there, and every one that is there is named.
        var files = Directory.GetFiles(folder["report"]).Select(f => Path.GetFileName(f)!).Where(f => f != "report.md")
            .ToList();
        Assert.Equal(
            ["distances.csv", "inference-steps.csv", "inference-steps.svg", "measurements.jsonl", "times.csv",
                "times.svg"], files.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Contains($"({file})", text, StringComparison.Ordinal));
        Assert.All(files.Where(f => f.EndsWith(".svg", StringComparison.Ordinal)), f =>
            Assert.Equal("svg",
                System.Xml.Linq.XDocument.Load(Path.Combine(folder["report"], f)).Root!.Name.LocalName));
        var distances = (await File.ReadAllLinesAsync(Path.Combine(folder["report"], "distances.csv"))).Select(
            l => l.Split(',')).ToList();
        Assert.Equal(3, distances.Count);
        Assert.All(distances, row => Assert.Equal(10, row.Length));
        Assert.All(distances.Skip(1), row => Assert.Equal("8", row[1]));
        Assert.All(distances.Skip(1), row => Assert.Equal("0", row[5]));
        var times = (await File.ReadAllLinesAsync(Path.Combine(folder["report"], "times.csv"))).Select(
            l => l.Split(',')).ToList();
        Assert.Equal("batch", times[0][2]);
        Assert.All(times.Skip(1), row => Assert.Equal("8", row[2]));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Paper_writes_what_it_has_and_goes_on_from_there_under_the_same_settings()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["paper", "mlp", "rnn", "--out", folder["report"], "--quick", "--batch", "8", "--json"];
        // Stopped as soon as something is there.
        using var cancellation = new CancellationTokenSource();
        var stopped = Pcnode.RunAsync(line, cancellation.Token);
        var file = Path.Combine(folder["report"], "measurements.jsonl");
        while (!File.Exists(file) && !stopped.IsCompleted) await Task.Delay(5);
        await cancellation.CancelAsync();
        var first = await stopped;
        Assert.Equal(ExitCode.Interrupted, first.ExitCode);
        var kept = await File.ReadAllLinesAsync(file);
        Assert.Contains($"{kept.Length} of 25 measurements are in", first.Error, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Path.Combine(folder["report"], "report.md"));
        Assert.Contains($"{kept.Length} of 25 measurements are made", text, StringComparison.Ordinal);
        Assert.Contains("| mlp | 8 |", text, StringComparison.Ordinal);

        var second = await Pcnode.RunAsync(line);
        Assert.Equal(ExitCode.Done, second.ExitCode);
        Assert.Contains($"{kept.Length} of 25 measurements are in", second.Error, StringComparison.Ordinal);
        Assert.Contains("left)", second.Error, StringComparison.Ordinal);
        var all = await File.ReadAllLinesAsync(file);
        Assert.Equal(25, all.Length);
        Assert.All(kept, measurement => Assert.Contains(measurement, all));
        Assert.DoesNotContain("not complete", await File.ReadAllTextAsync(Path.Combine(folder["report"], "report.md")),
            StringComparison.Ordinal);

        // All is there: nothing is measured. Under other settings all is measured anew.
        var third = await Pcnode.RunAsync(line);
        Assert.Equal(ExitCode.Done, third.ExitCode);
        Assert.Equal(all, await File.ReadAllLinesAsync(file));
        Assert.Single(third.ErrorLines);
        var other = await Pcnode.RunAsync([.. line, "--seed", "4"]);
        Assert.Equal(ExitCode.Done, other.ExitCode);
        Assert.DoesNotContain("already", other.Error, StringComparison.Ordinal);
        Assert.Contains("1/25", other.Error, StringComparison.Ordinal);
        Assert.Contains($"25 of the measurements in '{folder["report"]}' are made anew: seed was 0 and is 4",
            other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_makes_anew_what_another_version_has_measured_and_keeps_what_it_is_not_asked_for()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["paper", "residual", "--out", folder["report"], "--quick", "--batch", "8"];
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync(line)).ExitCode);
        var file = Path.Combine(folder["report"], "measurements.jsonl");
        var measured = await File.ReadAllLinesAsync(file);
        var own = (await Pcnode.RunAsync("--version")).Output.Trim();
        await File.WriteAllLinesAsync(
            file,
            measured.Select((l, i) => i == 0 ? l.Replace(own, "0.0.7", StringComparison.Ordinal) : l)
                .Append(measured[0].Replace("residual", "lstm", StringComparison.Ordinal)));
        var again = await Pcnode.RunAsync(line);
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Contains($"1 of the measurements in '{folder["report"]}' are made anew: version was 0.0.7 and is {own}",
            again.Error, StringComparison.Ordinal);
        Assert.Contains($"{measured.Length - 1} of {measured.Length} measurements are in", again.Error,
            StringComparison.Ordinal);
        var now = await File.ReadAllLinesAsync(file);
        Assert.Equal(measured.Length + 1, now.Length);
        Assert.Contains("lstm", now[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("lstm", await File.ReadAllTextAsync(Path.Combine(folder["report"], "report.md")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_studies_depth_alone_and_goes_on_where_it_was_stopped()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["paper", "--depth", "2,1", "--out", folder["report"], "--quick", "--batch", "64", "--json"];
        var run = await Pcnode.RunAsync(line);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.True(run.Last.GetProperty("allIdentical").GetBoolean());
        string[] files = ["depth-accuracy.svg", "depth-cosine.svg", "depth-energy.svg", "depth-levels.csv",
            "depth-updates.svg", "depth.csv", "measurements.jsonl"];
        var text = await File.ReadAllTextAsync(Path.Combine(folder["report"], "report.md"));
        Assert.Equal(files.Append("report.md").Order(StringComparer.Ordinal),
            Directory.GetFiles(folder["report"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Contains($"({file})", text, StringComparison.Ordinal));
        var depths = Rows("depth.csv");
        Assert.Equal(["1", "2"], depths.Select(row => row["hidden layers"]));
        Assert.All(depths, row => Assert.Equal("1", row["Z-IL's cosine to BP"]));
        Assert.All(depths, row => Assert.InRange(Number(row["IL accuracy"]), 0.1, 1));
        // 32 values a layer, and what bench and diagnose say of the same network.
        foreach (var (row, hidden) in depths.Zip(["32", "32,32"]))
        {
            var diagnosis = await Pcnode.RunAsync("diagnose", "mlp", "--hidden", hidden, "--batch", "64",
                "--inference-steps", "20", "--inference-rate", "0.1", "--json");
            Assert.Equal(diagnosis.Last.GetProperty("cosine").GetDouble(), Number(row["IL's cosine to BP"]));
            Assert.Equal(diagnosis.Last.GetProperty("freeEnergy").GetDouble(), Number(row["F after"]));
            Assert.Equal(diagnosis.Last.GetProperty("stableRate").GetDouble(), Number(row["largest stable rate"]));
            var levels = Rows("depth-levels.csv").Where(r => r["hidden layers"] == row["hidden layers"])
                .Select(r => Number(r["IL's update norm"]));
            Assert.Equal(diagnosis.Json.Where(j => j.GetProperty("event").GetString() == "diagnoseLevel")
                .Select(j => j.GetProperty("updateNorm").GetDouble()), levels);
        }

        var kept = await File.ReadAllLinesAsync(Path.Combine(folder["report"], "measurements.jsonl"));
        await File.WriteAllLinesAsync(Path.Combine(folder["report"], "measurements.jsonl"), kept[..1]);
        var again = await Pcnode.RunAsync(line);
        Assert.Contains("1 of 2 measurements are in", again.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(2, again.ErrorLines.Count);
        Assert.Equal(depths.Select(WithoutTimes), Rows("depth.csv").Select(WithoutTimes));

        List<Dictionary<string, string>> Rows(string file)
        {
            var lines = File.ReadAllLines(Path.Combine(folder["report"], file)).Select(l => l.Split(',')).ToList();
            return [.. lines.Skip(1).Select(row => lines[0].Zip(row).ToDictionary(c => c.First, c => c.Second))];
        }
    }

    [Theory]
    [InlineData("2,x")]
    [InlineData("0")]
    public Task Paper_refuses_a_depth_that_is_none(string depths) => Pcnode.RefusesAsync(
        ExitCode.BadInput, ["--depth", $"'{depths}'", "whole numbers from 1"], "paper", "--depth", depths, "--out",
        "report");

    [Fact]
    public async Task Paper_refuses_measurements_that_it_did_not_write()
    {
        using var folder = new TemporaryFolder();
        folder.Write("measurements.jsonl", "{}\n");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "line 1", "measurements.jsonl"], "paper", "mlp", "--out",
            folder.Path);
    }

    [Fact]
    public Task Paper_wants_a_folder() => Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "missing"], "paper", "mlp");

    [Fact]
    public async Task Paper_refuses_a_folder_that_cannot_be_made_before_it_measures_anything()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--out", "file"], "paper", "mlp", "--out",
            Path.Combine(file, "report"));
    }

    [Theory]
    [InlineData("cnn", "--heads", "2", "--heads")]
    [InlineData("transformer", "--width", "10", "--width")]
    [InlineData("resnet18", "--channels", "8,8", "--channels")]
    [InlineData("lstm", "--data", "NONE", "NONE")]
    public Task Sizes_that_a_model_has_not_are_refused(string model, string option, string value, string word) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, [word], "train", model, option, value);

    private static double Number(string cell) => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture);

    private static string WithoutTimes(Dictionary<string, string> row) =>
        string.Join(',', row.Where(c => !c.Key.EndsWith(" ms", StringComparison.Ordinal)));
}
