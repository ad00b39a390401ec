using PcNode.Configuration;

namespace PcNode.Tests;

/// <summary>The edit distance, and when a name is near enough to be suggested.</summary>
public sealed class SuggestionProperties
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("batch", "batch", 0)]
    [InlineData("bach", "batch", 1)]
    [InlineData("batchh", "batch", 1)]
    [InlineData("catch", "batch", 1)]
    [InlineData("abtch", "batch", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "zil", 3)]
    public void Insertions_deletions_replacements_and_swaps_count_one_each(string a, string b, int distance)
    {
        Assert.Equal(distance, Suggestion.Distance(a, b));
        Assert.Equal(distance, Suggestion.Distance(b, a));
    }

    [Fact]
    public void Only_near_names_are_suggested()
    {
        string[] known = ["--batch", "--seed", "--learning-rate"];
        Assert.Equal("--batch", Suggestion.Nearest("--bacht", known));
        Assert.Equal("--learning-rate", Suggestion.Nearest("--learnrate", known));
        Assert.Null(Suggestion.Nearest("--quantum", known));
    }
}
