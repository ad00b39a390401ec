using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Tensors;
using PcActors.Tests.Documentation;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mutation: the documented files with mistyped, missing, doubled and displaced characters.
/// Each is read, or refused with its line and column; none takes the reader long, or much memory.</summary>
public sealed partial class ExperimentFileMutations
{
    private const string Signs = "{}[],=:\n #\"/.a1$+-\\&*!?@^`\t\r\0\u00e9\ud800";
    private const long MostBytes = 50_000_000;
    private const int Round = 1000;

    // What is promised of each file. It takes a millisecond.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // What a machine with two cores adds while other tests load it: until this test's thread gets a core again, and
    // collections of their garbage.
    private static readonly TimeSpan SlackOfALoadedMachine = TimeSpan.FromSeconds(3);

    [Fact]
    public Task Damaged_files_are_read_or_refused() => MutateAsync(seed: 1, rounds: 20, Read);

    [Fact]
    public Task Experiments_of_damaged_files_are_made_or_refused() => ExperimentAsync(seed: 3, rounds: 3);

    [Fact]
    [Trait("Suite", "Long")]
    public Task A_million_damaged_files_are_read_or_refused() => MutateAsync(seed: 2, rounds: 1000, Read);

    [Fact]
    [Trait("Suite", "Long")]
    public Task Many_experiments_of_damaged_files_are_made_or_refused() => ExperimentAsync(seed: 4, rounds: 100);

    [Fact]
    public void The_documented_files_are_read() =>
    Assert.All(Documented(), text => ConfigurationFile.Parse("e.conf", text));

    private static async Task MutateAsync(int seed, int rounds, Action<string> read)
    {
        var files = Documented();
        foreach (var text in files) read(text);
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random((seed * 10_000) + round);
            var (last, since) = ("", 0L);
            var work = Task.Run(() =>
            {
                for (var trial = 0; trial < Round; trial++)
                {
                    last = Mutated(files, random);
                    var began = Stopwatch.GetTimestamp();
                    Volatile.Write(ref since, began);
                    read(last);
                    Volatile.Write(ref since, 0);
                    InTime(Stopwatch.GetElapsedTime(began));
                }
            });
            // A reader that does not come back is found, and so is its text.
            while (await Task.WhenAny(work, Task.Delay(Limit)) != work)
                if (Volatile.Read(ref since) is not 0 and var began) InTime(Stopwatch.GetElapsedTime(began));
            await work;

            void InTime(TimeSpan taken) =>
                Assert.True(taken < Limit + SlackOfALoadedMachine,
                    $"seed {seed}, round {round}: {taken.TotalSeconds:0.0} s with\n{last}");
        }
    }

    private static async Task ExperimentAsync(int seed, int rounds)
    {
        using var folder = new TemporaryFolder();
        var path = folder["damaged.conf"];
        await MutateAsync(seed, rounds, text =>
        {
            File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
            MakeExperiment(path, text);
        });
    }

    private static void Read(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ConfigurationFile.Parse("damaged.conf", text);
        }
        catch (UsageException e)
        {
            Assert.True(Placed().IsMatch(e.Message), $"no place in: {e.Message}");
        }
        catch (Exception e)
        {
            Assert.Fail($"{e}\nwith\n{text}");
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    /// <summary>Makes of a file what <c>pcnode inspect</c> would: the settings' values, and the graph that it defines,
    /// where no extent is large.</summary>
    private static void MakeExperiment(string path, string text)
    {
        try
        {
            var experiment = Experiment.Create(path, [], "inspect");
            if (experiment.Source is GraphSource && !LargeNumber().IsMatch(text))
                experiment.Source.Build<float>(experiment.Settings, experiment.ShardSize,
                    new DataForm(new Shape(64), 10));
        }
        catch (Exception e) when (e is UsageException or GraphException or ShapeException or OnnxException
            or ExtensionException)
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
        }
        catch (Exception e)
        {
            Assert.Fail($"{e}\nwith\n{text}");
        }
    }

    private static string Mutated(IReadOnlyList<string> files, Random random)
    {
        var text = new StringBuilder(files[random.Next(files.Count)]);
        for (var change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
        {
            var place = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - place);
            switch (random.Next(6))
            {
                case 0:
                    text.Insert(place, Signs[random.Next(Signs.Length)]);
                    break;
                case 1:
                    text[place] = Signs[random.Next(Signs.Length)];
                    break;
                case 2:
                    text.Remove(place, length);
                    break;
                case 3:
                    text.Insert(random.Next(text.Length), text.ToString(place, length));
                    break;
                case 4:
                    text.Length = place;
                    break;
                default:
                    var other = files[random.Next(files.Count)];
                    text.Insert(place, other.AsSpan(random.Next(other.Length)));
                    break;
            }
        }
        return text.ToString();
    }

    /// <summary>The files of the documentation, those in its text, and the file of all settings.</summary>
    private static IReadOnlyList<string> Documented()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        var examples = Directory.GetFiles(docs, "*.conf", SearchOption.AllDirectories).Select(File.ReadAllText);
        var quoted = Directory.GetFiles(docs, "*.md")
            .SelectMany(f => Quoted().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value));
        return [.. examples.Order(StringComparer.Ordinal), .. quoted.Order(StringComparer.Ordinal),
            Settings.ReferenceText()];
    }

    [GeneratedRegex("^damaged\\.conf: line [1-9][0-9]*, column [1-9][0-9]*: .", RegexOptions.Singleline)]
    private static partial Regex Placed();

    [GeneratedRegex("[0-9]{4}")]
    private static partial Regex LargeNumber();

    [GeneratedRegex("^```hocon\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Quoted();
}
