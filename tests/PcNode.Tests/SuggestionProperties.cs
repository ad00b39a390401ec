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
    public void Capitals_are_no_distance_where_names_do_not_differ_by_them_alone()
    {
        Assert.Equal("gelu", Suggestion.Nearest("GELU", ["relu", "gelu"]));
        Assert.Equal("gelu", Suggestion.Nearest("GELOU", ["linear", "gelu"]));
        Assert.Equal("W", Suggestion.Nearest("W", ["w", "W"]));
        Assert.Equal("w", Suggestion.Nearest("w", ["W", "w"]));
    }

    [Fact]
    public void Every_name_that_a_setting_takes_is_found_by_its_capitals()
    {
        var choices = SettingGroups.All.Where(s => s.Choices is { Count: > 0 }).ToList();
        Assert.True(choices.Count > 10, $"{choices.Count}");
        foreach (var setting in choices)
        {
            foreach (var name in setting.Choices!)
                Assert.Equal(name, Suggestion.Nearest(name.ToUpperInvariant(), setting.Choices));
        }
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
