using PcActors.Tests.Extension;
using PcNode.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>An assembly from outside, built without a view into the library: its optimizer, loss and rule are
/// options like any others.</summary>
public sealed class Extensions : IDisposable
{
    private static readonly string[] Network =
    [
        "mlp", "--hidden", "8", "--json", "--extension", typeof(DocumentedExtension).Assembly.Location,
        "--optimizer", "lion:beta1=0.8", "--loss", "huber:delta=0.5", "--rule",
        "noisy:temperature=0.02,inferenceSteps=3",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_with_them_is_traced_audited_and_resumed_with_the_same_bits()
    {
        var whole = await RunAsync(["train", .. Network, "--steps", "12", "--trace", _folder["run.trace"]]);
        await RunAsync(["train", .. Network, "--steps", "5", "--checkpoint", _folder["run"]]);
        var resumed =
            await RunAsync(["train", .. Network, "--steps", "12", "--checkpoint", _folder["run"], "--resume"]);
        Assert.Equal(Hash(whole), Hash(resumed));
        await RunAsync(
            ["audit", _folder["run.trace"], "--json", "--extension", typeof(DocumentedExtension).Assembly.Location]);
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Workers_load_it_too()
    {
        var here = await RunAsync(["train", .. Network, "--steps", "12"]);
        Assert.Equal(Hash(here), Hash(await RunAsync(["train", .. Network, "--steps", "12", "--nodes", "2"])));
    }

    [Fact]
    [Trait("Suite", "Long")]
    public async Task Workers_load_an_operator_of_it_too()
    {
        var file = _folder.Write("bent.conf", """
            pcactors.graph {
              data { image = [64] }
              parameters { w { shape = [64, 12] }, v { shape = [12, 10] } }
              vertices {
                hidden { op = MatMul, inputs = [image, w] }
                bent { op = Squareplus, inputs = [hidden], attributes { b = 2.0 } }
                out { op = MatMul, inputs = [bent, v] }
              }
            }
            """);
        string[] train = ["train", file, "--steps", "12", "--json"];
        string[] extension = ["--extension", typeof(DocumentedExtension).Assembly.Location];
        using var here = Processes.Start([.. train, .. extension]);
        Assert.Equal(ExitCode.Done, await here.EndAsync());
        using var there = Processes.Start([.. train, .. extension, "--nodes", "2"]);
        Assert.Equal(ExitCode.Done, await there.EndAsync());
        Assert.Equal(here.HashOf(), there.HashOf());
        // Who does not know it says so.
        using var without = Processes.Start(train);
        Assert.Equal(ExitCode.BadInput, await without.EndAsync());
        Assert.Contains("Squareplus", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_extension_is_bad_input()
    {
        var gone = _folder["gone.dll"];
        var run = await Pcnode.RunAsync(["train", "mlp", "--extension", gone]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(gone, run.Error, StringComparison.Ordinal);
    }

    private static async Task<Pcnode> RunAsync(string[] args)
    {
        var run = await Pcnode.RunAsync(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static string? Hash(Pcnode run) => run.Last.GetProperty("weightsSha256").GetString();
}
