using PcActors.Extensions;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Optimizers;

namespace PcActors.Tests.Learning;

/// <summary>Theorem: behind a name a hyperparameter may be spelled as options are, and what is written down has one
/// spelling.</summary>
public class HyperparameterSpellings
{
    /// <summary>Each key of several words: a kind, a name of it, the key in both spellings, a value.</summary>
    public static TheoryData<string, string, string, string, string> Keys
    {
        get
        {
            var keys = new TheoryData<string, string, string, string, string>();
            void Add<TKind>(string kind, Catalogue<TKind> catalogue)
                where TKind : class, IDescribed
            {
                foreach (var description in catalogue.All)
                {
                    foreach (var known in description.Hyperparameters.Where(h => h.Name.Any(char.IsUpper)))
                    {
                        keys.Add(
                            kind, description.Name, known.Name, Hyphenated(known.Name), known.Format(known.Default));
                    }
                }
            }
            Add("optimizer", Catalogues.Optimizers);
            Add("schedule", Catalogues.Schedules);
            Add("loss", Catalogues.Losses);
            Add("rule", Catalogues.Rules);
            Add("energy", Catalogues.Energies);
            return keys;
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Both_spellings_say_the_same(string kind, string name, string key, string hyphenated, string value)
    {
        switch (kind)
        {
            case "optimizer": Same(Catalogues.Optimizers); break;
            case "schedule": Same(Catalogues.Schedules); break;
            case "loss": Same(Catalogues.Losses); break;
            case "rule": Same(Catalogues.Rules); break;
            default: Same(Catalogues.Energies); break;
        }

        void Same<TKind>(Catalogue<TKind> catalogue)
            where TKind : class, IDescribed
        {
            var plain = catalogue.Read($"{name}:{key}={value}");
            var spelled = catalogue.Read($"{name}:{hyphenated}={value}");
            Assert.Equal([key], spelled.Given.Keys);
            Assert.Equal(plain.Given[key], spelled.Given[key]);
            Assert.Equal($"{name}:{key}={value}", catalogue.Written($"{name}:{hyphenated}={value}"));
        }
    }

    [Fact]
    public void There_are_such_keys_of_optimizers_schedules_and_rules() => Assert.Superset(
        new HashSet<object>(["learningRate", "weightDecay", "warmUp", "inferenceSteps"]),
        Keys.Select(row => row[2]).ToHashSet());

    [Fact]
    public void Values_and_what_is_written_of_them_do_not_depend_on_the_spelling()
    {
        var spelled = Catalogues.Optimizers.Parse("sgd: learning-rate = 0.25, weightDecay=0.5");
        Assert.Equal("sgd:learningRate=0.25,weightDecay=0.5", $"{spelled.Values}");
        Assert.Equal(new Sgd(0.25, 0.5).Values, spelled.Values);
    }

    [Theory]
    [InlineData("sgd:learning-rate=0.1,learningRate=0.1")]
    [InlineData("sgd:learningRate=0.1,weight-decay=0,learning-rate=0.2")]
    [InlineData("sgd:learning-rate=0.1,learning-rate=0.1")]
    public void A_key_in_both_spellings_is_one_given_twice(string text) => Assert.Equal(
        $"'{text}' gives learningRate twice",
        Assert.Throws<ArgumentException>(() => Catalogues.Optimizers.Parse(text)).Message);

    [Theory]
    [InlineData("sgd:learning_rate=1")]
    [InlineData("sgd:Learning-Rate=1")]
    [InlineData("sgd:learning-Rate=1")]
    [InlineData("sgd:learningrate=1")]
    [InlineData("sgd:beta-1=1")]
    public void Other_spellings_are_none(string text) => Assert.Contains(
        "it has learningRate, weightDecay",
        Assert.Throws<ArgumentException>(() => Catalogues.Optimizers.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("sgd")]
    [InlineData("sgd:")]
    [InlineData("sgd: learningRate = 0.010,weightDecay=0")]
    [InlineData("sgd:learning-rate")]
    [InlineData("sgd:=1,learning_rate=2")]
    [InlineData("unknown:learning-rate=1")]
    public void What_has_no_hyphens_or_is_wrong_is_written_as_it_is(string text) =>
        Assert.Equal(text, Catalogues.Optimizers.Written(text));

    [Fact]
    public void A_name_of_ones_own_is_itself_before_it_is_another_ones_spelling()
    {
        var both = new Description<Optimizer>("both", "", _ => new Sgd(1),
            Hyperparameter.Number("aB", 0, NumberRange.NonNegative, ""),
            Hyperparameter.Number("a-b", 0, NumberRange.NonNegative, ""));
        var given = new Catalogue<Optimizer>("optimizer", both).Read("both:a-b=1,aB=2").Given;
        Assert.Equal((1.0, 2.0), (given["a-b"], given["aB"]));
    }

    private static string Hyphenated(string name) =>
        string.Concat(name.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));
}
