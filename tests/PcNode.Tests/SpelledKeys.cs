using System.Text;
using PcActors.Extensions;
using PcActors.Learning.Descriptions;
using PcActors.Learning.Energies;
using PcNode.Experiments;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Keys behind a name are spelled as options are, or as they are written down: on the command line, in
/// experiment files, and when a run is resumed.</summary>
public sealed class SpelledKeys : IDisposable
{
    private const string Broad = "of-this-test";

    private static readonly string[] Network = ["train", "mlp", "--hidden", "4", "--json"];

    private readonly TemporaryFolder _folder = new();

    static SpelledKeys() => Catalogues.Register(new Description<Energy>(Broad, "", _ => Energy.UnitGaussian,
        Hyperparameter.Number("ownScale", 1, NumberRange.Positive, "")));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--optimizer", "sgd:learningRate=0.25", "sgd:learning-rate=0.25")]
    [InlineData("--optimizer", "adamw:beta1=0.5,weightDecay=0.5", "adamw:beta1=0.5, weight-decay=0.5")]
    [InlineData("--schedule", "cosine:warmUp=3,steps=9", "cosine:warm-up=3,steps=9")]
    [InlineData("--rule", "il:inferenceSteps=3,inferenceRate=0.25", "il:inference-steps=3,inference-rate=0.25")]
    public async Task A_run_is_the_same_in_either_spelling_and_resumed_in_either(
        string option, string plain, string spelled)
    {
        var expected = await RunAsync([.. Network, option, plain, "--steps", "4"]);
        var file = _folder.Write("net.conf", $"pcactors {{ hidden = 4, {option[2..]} = \"{spelled}\" }}");
        Assert.Equal(Hash(expected), Hash(await RunAsync(["train", file, "--json", "--steps", "4"])));
        foreach (var (first, second) in new[] { (plain, spelled), (spelled, plain) })
        {
            string[] line = [.. Network, "--checkpoint", _folder[first == plain ? "p" : "s"]];
            await RunAsync([.. line, option, first, "--steps", "2"]);
            var run = await RunAsync([.. line, option, second, "--resume", "--steps", "4"]);
            Assert.Equal(Hash(expected), Hash(run));
        }
    }

    [Theory]
    [InlineData("--optimizer", "sgd:learning-rate=0.25", "sgd:learningRate=0.25")]
    [InlineData("--rule", "il:inference-steps=3", "il:inferenceSteps=3")]
    public async Task Checkpoints_and_exported_files_have_the_spelling_that_is_written_down(
        string option, string spelled, string written)
    {
        string[] files = [_folder["w.safetensors"], _folder["run"]];
        await RunAsync(
            [.. Network, option, spelled, "--steps", "2", "--export", files[0], "--checkpoint", files[1]]);
        foreach (var file in Directory.GetFiles(files[1], "*.safetensors").Append(files[0]))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.Contains(written, text, StringComparison.Ordinal);
            Assert.DoesNotContain(spelled, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--optimizer", "sgd:learning-rate=0.25,learningRate=0.25", "learningRate twice")]
    [InlineData("--schedule", "cosine:warmUp=3,warm-up=3", "warmUp twice")]
    [InlineData("--rule", "il:inference-steps=3,inferenceSteps=4", "inferenceSteps twice")]
    [InlineData("--energy-of", "hidden1=of-this-test:own-scale=3,ownScale=4", "ownScale twice")]
    public Task Both_spellings_at_once_are_refused(string option, string text, string words) => Pcnode.RefusesAsync(
        ExitCode.BadInput, [option, words], [.. Network, "--steps", "1", .. Rule(option), option, text]);

    [Fact]
    public Task An_option_beside_a_spelled_key_has_the_same_value_or_is_refused() => Pcnode.RefusesAsync(
        ExitCode.BadInput, ["--learning-rate", "another learningRate"],
        [.. Network, "--optimizer", "sgd:learning-rate=0.25", "--learning-rate", "0.5"]);

    [Theory]
    [InlineData("h=of-this-test:own-scale=3, x=laplace:scale=2", "h=of-this-test:ownScale=3,x=laplace:scale=2")]
    [InlineData("h=of-this-test:ownScale=3, x=laplace:scale=2", "h=of-this-test:ownScale=3, x=laplace:scale=2")]
    public void Energies_of_vertices_too_are_written_in_one_spelling(string text, string written) =>
        Assert.Equal(written, EnergyTexts.Written(text, "--energy-of"));

    private static string[] Rule(string option) => option == "--energy-of" ? ["--rule", "il"] : [];

    private static string Hash(Pcnode run) => run.Last.GetProperty("weightsSha256").GetString()!;

    private static async Task<Pcnode> RunAsync(string[] line)
    {
        var run = await Pcnode.RunAsync(line);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return run;
    }
}
