using System.Text.RegularExpressions;
using PcActors.Tests.Documentation;

namespace PcActors.Tests.Architecture;

/// <summary>A line of code knows its room from its namespace, which is its folder.</summary>
public partial class Namespaces
{
    [Fact]
    public void Every_file_s_namespace_is_its_folder()
    {
        var checkedFiles = 0;
        var wrong = new List<string>();
        foreach (var top in new[] { "src", "tests" })
        {
            var root = Path.Combine(Repository.Root, top);
            foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
            {
                var folders = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[..^1];
                if (folders.Contains("obj") || folders.Contains("bin")) continue;
                if (Declaration().Match(File.ReadAllText(file)) is not { Success: true } found) continue;
                checkedFiles++;
                var folder = string.Join('.', folders);
                if (found.Groups[1].Value != folder)
                    wrong.Add($"{Path.GetRelativePath(root, file)} is in {found.Groups[1].Value}");
            }
        }
        Assert.Equal([], wrong);
        Assert.True(checkedFiles > 500, $"only {checkedFiles} files were found");
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
