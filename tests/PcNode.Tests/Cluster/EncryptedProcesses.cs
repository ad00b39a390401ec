using PcActors.Tests.Cluster;
using PcNode.Tests.Harness;

namespace PcNode.Tests.Cluster;

/// <summary>A cluster with a certificate, from the command line.</summary>
public sealed class EncryptedProcesses
{
    private const string Password = "a password with spaces";

    [Fact]
    [Trait("Suite", "Long")]
    public async Task A_run_on_a_cluster_with_a_certificate_needs_the_certificate_and_its_password()
    {
        using var folder = new TemporaryFolder();
        var certificate = TestCertificate.Write(folder["cluster.pfx"], Password);
        File.WriteAllText(folder["password"], $"{Password}\n");
        string[] tls = ["--tls-certificate", certificate, "--tls-password-file", folder["password"]];
        string[] network = ["train", "residual", "--hidden", "6", "--steps", "5", "--json"];
        using var worker = Processes.Start(["node", .. tls]);
        await worker.SaysAsync(" at ");
        var seed = worker.Error.Trim().Split(' ')[^1];

        var expected = await Pcnode.RunAsync(network);
        var found = await Pcnode.RunAsync([.. network, "--join", seed, .. tls]);
        Assert.Equal(expected.Last.GetProperty("weightsSha256").GetString(),
            found.Last.GetProperty("weightsSha256").GetString());

        await Pcnode.RefusesAsync(ExitCode.BadInput, [certificate, "without a password"],
            [.. network, "--join", seed, "--tls-certificate", certificate]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--tls-password-file", "nowhere"],
            [.. network, "--join", seed, .. tls[..3], "nowhere"]);
        await Pcnode.RefusesAsync(ExitCode.BadInput, [$"{seed} demands TLS"], [.. network, "--join", seed]);

        Processes.Signal(worker.Process.Id, "TERM");
        Assert.Equal(ExitCode.Done, await worker.EndAsync());
    }
}
