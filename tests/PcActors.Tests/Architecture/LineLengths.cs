using System.Text.RegularExpressions;
using PcActors.Tests.Documentation;

namespace PcActors.Tests.Architecture;

/// <summary>A line of code is 120 characters long at most, but for texts over several lines, and for a text or a name
/// that does not fit by itself.</summary>
public partial class LineLengths
{
    private const int Longest = 120;

    private static readonly string[] Folders = ["src", "tests", "bench"];

    [Fact]
    public void No_line_is_longer_than_it_may_be()
    {
        var (checkedFiles, wrong) = (0, new List<string>());
        foreach (var file in Folders.SelectMany(top =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, top), "*.cs", SearchOption.AllDirectories)))
        {
            var path = Path.GetRelativePath(Repository.Root, file);
            if (path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin")) continue;
            checkedFiles++;
            var isText = false;
            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                // Quotes by threes begin and end a text.
                var (isWithin, quotes) = (isText, Quotes().Count(line));
                if (quotes % 2 == 1) isText = !isText;
                if (line.Length <= Longest || isWithin || quotes > 0) continue;
                if (!Alone().IsMatch(line)) wrong.Add($"{path}:{number + 1}: {line.Length} characters");
            }
        }
        Assert.Equal([], wrong);
        Assert.True(checkedFiles > 500, $"only {checkedFiles} files were found");
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex Quotes();

    // A text alone in its line, with what joins or ends it; the name of a method alone; or a line without any space to
    // break it at.
    [GeneratedRegex("""^\s*(?:\[\w+\()?(?:[+:?] )?(?:\w+: )?[$@]*"(?:[^"\\]|\\.|"")*"(?:, \w+)?[\s+,;)\]}]*$|^\s*(?:\w+ )*[\w<>.?]+ \w+\([^()]*\)?$|^\s*\S+$""")]
    private static partial Regex Alone();
}
