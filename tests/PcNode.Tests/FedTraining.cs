using PcActors.Tests.Documentation;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Training on other arrays than features at the input and labels at the root: theorems on its bits, and what
/// is refused, in one line that says what would be right.</summary>
public sealed class FedTraining : IDisposable
{
    private const string TwoInputs = """
        pcactors {
          data = digits
          inputs = ["image=features", "other=zeros"]
          graph {
            data { image = [64], other = [8] }
            parameters { w { shape = [72, 64] } }
            vertices {
              both { op = Concat, inputs = [image, other], attributes { axis = 1 } }
              out { op = MatMul, inputs = [both, w] }
            }
          }
        }
        """;

    private readonly StepFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mlp", "features")]
    [InlineData("mlp", "zeros")]
    [InlineData("residual", "features")]
    [InlineData("two.conf", "features")]
    public async Task Z_IL_is_backpropagation_whatever_the_root_gets(string model, string target)
    {
        await File.WriteAllTextAsync(_folder["two.conf"], TwoInputs);
        string[] line =
            ["train", model == "two.conf" ? _folder[model] : model, "--target", target, "--steps", "4", "--json"];
        var (zil, bp) = (await Pcnode.RunAsync(line), await Pcnode.RunAsync([.. line, "--rule", "bp"]));
        Assert.Equal((ExitCode.Done, ExitCode.Done), (zil.ExitCode, bp.ExitCode));
        foreach (var key in new[] { "weightsSha256", "loss", "testLoss", "testAccuracy", "testMeasure" })
            Assert.Equal(zil.Last.GetProperty(key).GetRawText(), bp.Last.GetProperty(key).GetRawText());
        Assert.Equal("loss of the prediction", zil.Last.GetProperty("testMeasure").GetString());
    }

    [Fact]
    public async Task What_training_gets_by_default_may_be_spelled_out()
    {
        string[] line = ["train", "mlp", "--rule", "il", "--steps", "4", "--json"];
        var (plain, spelled) = (await Pcnode.RunAsync(line),
            await Pcnode.RunAsync([.. line, "--inputs", "input=features", "--target", "labels"]));
        foreach (var key in new[] { "weightsSha256", "loss", "testAccuracy", "messages" })
            Assert.Equal(plain.Last.GetProperty(key).GetRawText(), spelled.Last.GetProperty(key).GetRawText());
    }

    [Fact]
    public async Task A_run_that_is_resumed_has_the_bits_of_one_that_never_stopped()
    {
        string[] line = ["train", Example("bidirectional.conf"), "--json"];
        var whole = await Pcnode.RunAsync([.. line, "--steps", "6"]);
        string[] saved = [.. line, "--checkpoint", _folder["run"]];
        await Pcnode.RunAsync([.. saved, "--steps", "3"]);
        var resumed = await Pcnode.RunAsync([.. saved, "--steps", "6", "--resume"]);
        Assert.Equal(whole.Last.GetProperty("weightsSha256").GetString(),
            resumed.Last.GetProperty("weightsSha256").GetString());
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--target", "zeros", "features was given"],
            "train", "--checkpoint", _folder["run"], "--resume", "--target", "features");
    }

    [Theory]
    [InlineData("--inputs nosuch=labels", "--inputs|no vertex 'nosuch'")]
    [InlineData("--samples 5", "--samples|--data")]
    public async Task What_is_fed_is_checked_where_samples_are_drawn_too(string options, string words)
    {
        var model = _folder["m.onnx"];
        Assert.Equal(ExitCode.Done,
            (await Pcnode.RunAsync("train", "mlp", "--hidden", "4", "--steps", "1", "--export", model)).ExitCode);
        await Pcnode.RefusesAsync(ExitCode.BadInput, words.Split('|'), ["verify", model, .. options.Split(' ')]);
    }

    [Fact]
    public async Task A_traced_run_passes_the_audit()
    {
        var run = await Pcnode.RunAsync("train", Example("bidirectional.conf"), "--steps", "1", "--trace",
            _folder["run.trace.gz"], "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(ExitCode.Done, (await Pcnode.RunAsync("audit", _folder["run.trace.gz"])).ExitCode);
    }

    [Theory]
    [InlineData("--inputs input=feature", "'input' is to get 'feature'|did you mean 'features'?|labels, zeros")]
    [InlineData("--inputs inptu=features", "--inputs|no vertex 'inptu'|did you mean 'input'?")]
    [InlineData("--inputs features", "--inputs: 'features' is not NAME=ARRAY")]
    [InlineData("--inputs input=features,input=labels", "'input' gets two arrays, features and labels")]
    [InlineData("--target label", "--target: 'label' is not one of labels, features, zeros|did you mean 'labels'?")]
    [InlineData("--samples 0", "--samples: '0' is not auto or a whole number from 1")]
    [InlineData("--samples 5000", "--samples: 5000 samples were asked for|1497")]
    [InlineData("--samples 8", "a batch of 32 samples is larger than the training set|8")]
    [InlineData("--classify output", "--classify|--rule il|the rule is zil")]
    [InlineData("--rule il --classify outptu", "--classify|no vertex 'outptu'|did you mean 'output'?")]
    [InlineData("--rule il --classify input", "--classify: the vertex 'input' gets features|input=labels")]
    [InlineData("--rule il --target features --classify output", "--classify: the vertex 'output' gets features")]
    [InlineData("--test-inference-steps 5", "--test-inference-steps: it is for --rule il")]
    [InlineData("--rule il --test-inference-steps 0", "--test-inference-steps: '0' is not auto or a whole number")]
    [InlineData("--rule zil --inputs hidden1/tanh=zeros", "--inputs|'hidden1/tanh' is to be clamped|'zil'")]
    [InlineData("--rule bp --inputs hidden1/tanh=zeros", "--inputs|'hidden1/tanh' is to be clamped|'bp'")]
    [InlineData("--rule il --inputs output=labels", "--inputs: the vertex 'output' is the root|--target")]
    [InlineData("--target features --loss cross-entropy", "'output' is fed features|class numbers|squared-error")]
    [InlineData("--pictures DIR", "--pictures: it is for --rule il")]
    [InlineData("--rule il --pictures DIR", "--pictures|'output' gets labels|is a classifier and makes no picture")]
    [InlineData("--rule il --inputs input=labels --target zeros --pictures DIR", "--pictures: no vertex gets features")]
    public Task What_is_wrong_is_named(string given, string words) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, words.Split('|'),
            [
                "train", "mlp", "--epochs", "1",
                .. given.Replace("DIR", _folder["out"], StringComparison.Ordinal).Split(' '),
            ]);

    [Theory]
    [InlineData("memory.conf", "zil", "the data leaf 'memory' is free|'zil'")]
    [InlineData("memory.conf", "bp", "the data leaf 'memory' is free|'bp'")]
    [InlineData("generative.conf", "zil", "classify|the rule is zil")]
    public Task A_rule_without_inference_refuses_what_is_free(string file, string rule, string words) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, words.Split('|'), "train", Example(file), "--rule", rule);

    private static string Example(string file) => Path.Combine(Repository.Root, "docs", "examples", file);
}
