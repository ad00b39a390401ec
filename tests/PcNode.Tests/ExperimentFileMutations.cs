using System.Text;
using System.Text.RegularExpressions;
using PcActors.Tests.Documentation;
using PcNode.Configuration;

namespace PcNode.Tests;

/// <summary>Mutation: the documented files with mistyped, missing, doubled and displaced characters. Each is read, or refused with
/// its line and column; none takes the reader long, or much memory.</summary>
public sealed partial class ExperimentFileMutations
{
    private const string Signs = "{}[],=:\n #\"/.a1$+-\\&*!?@^`\t\r\0\u00e9\ud800";
    private const long MostBytes = 50_000_000;
    private const int Round = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task Damaged_files_are_read_or_refused() => MutateAsync(seed: 1, rounds: 20);

    [Fact]
    [Trait("Suite", "Long")]
    public Task A_million_damaged_files_are_read_or_refused() => MutateAsync(seed: 2, rounds: 1000);

    [Fact]
    public void The_documented_files_are_read() => Assert.All(Documented(), text => ConfigurationFile.Parse("e.conf", text));

    private static async Task MutateAsync(int seed, int rounds)
    {
        var files = Documented();
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random((seed * 10_000) + round);
            var last = "";
            var work = Task.Run(() =>
            {
                for (var trial = 0; trial < Round; trial++) Read(last = Mutated(files, random));
            });
            // A reader that does not come back is found, and so is its text.
            if (await Task.WhenAny(work, Task.Delay(Patience)) != work) Assert.Fail($"seed {seed}, round {round}: no end with\n{last}");
            await work;
        }
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
        var quoted = Directory.GetFiles(docs, "*.md").SelectMany(f => Quoted().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value));
        return [.. examples.Order(StringComparer.Ordinal), .. quoted.Order(StringComparer.Ordinal), Settings.ReferenceText()];
    }

    [GeneratedRegex("^damaged\\.conf: line [1-9][0-9]*, column [1-9][0-9]*: .", RegexOptions.Singleline)]
    private static partial Regex Placed();

    [GeneratedRegex("^```hocon\\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Quoted();
}
