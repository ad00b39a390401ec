using Akka.Actor;
using PcActors.Cluster;
using PcActors.Cluster.Hosting;
using PcActors.Cluster.Security;
using PcActors.Data.Digits;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tests.Data;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>Nodes with one certificate work as nodes without any; others are kept out, and are told why.</summary>
public sealed class ClusterSecurity : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cluster.pfx")]
    [InlineData("cluster.pem")]
    public async Task Nodes_with_one_certificate_give_the_bits_of_one_process(string file)
    {
        await using var cluster = await LocalCluster.StartAsync(2, certificate: Certificate(file, "secret"));
        Assert.All(cluster.Workers.Append(cluster.Coordinator),
            n => Assert.Equal("akka.ssl.tcp", AddressOf(n).Protocol));
        await CheckAsync(cluster, 2);
    }

    [Fact]
    public async Task A_node_with_another_certificate_or_none_is_refused()
    {
        var (own, other) = (Certificate("own.pfx"), Certificate("other.pfx"));
        await using var cluster = await LocalCluster.StartAsync(1, certificate: own);
        var wrong = await RefusedAsync(cluster.Coordinator, other);
        Assert.Contains($"its SHA-256 is {own.Fingerprint}, and this node's {other.Fingerprint}", wrong,
            StringComparison.Ordinal);
        Assert.Contains($"{cluster.Coordinator.Address} demands TLS", await RefusedAsync(cluster.Coordinator, null),
            StringComparison.Ordinal);
        // Those who are in take no notice.
        await CheckAsync(cluster, 1);
    }

    [Fact]
    public async Task A_node_with_a_certificate_does_not_join_nodes_without()
    {
        await using var cluster = await LocalCluster.StartAsync(0);
        Assert.Contains(
            $"{cluster.Coordinator.Address} does without TLS",
            await RefusedAsync(cluster.Coordinator, Certificate("own.pfx")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_looks_up_no_actor_and_a_poison_pill_is_not_swallowed()
    {
        await using var cluster = await LocalCluster.StartAsync(1);
        var path = $"{AddressOf(cluster.Workers[0])}/user/{HostActor.Name}";
        var system = (ExtendedActorSystem)cluster.Coordinator.System;
        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => system.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(1)));
        system.Provider.ResolveActorRef(path).Tell(PoisonPill.Instance);
        await CheckAsync(cluster, 1);
    }

    [Fact]
    public void A_file_that_is_no_certificate_of_a_node_is_named_with_what_is_wrong()
    {
        void Refuses(string path, string? password, string words)
        {
            var e = Assert.Throws<ClusterException>(() => NodeCertificate.Load(path, password));
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
        }

        Refuses(_folder.PathOf("none.pfx"), null, "there is no such certificate");
        Refuses(_folder.Write("text.pfx", "text"), null, "PKCS #12");
        Refuses(_folder.Write("text.pem", "text"), null, ".pem file with a certificate and its private key");
        foreach (var form in new[] { "pfx", "pem" })
        {
            var encrypted = TestCertificate.Write(_folder.PathOf($"encrypted.{form}"), "secret");
            Refuses(encrypted, null, "without a password");
            Refuses(encrypted, "guess", "with the password given");
            Refuses(TestCertificate.Write(_folder.PathOf($"old.{form}"), daysFrom: -3, daysTo: -1), null,
                "and not now");
            Refuses(TestCertificate.Write(_folder.PathOf($"new.{form}"), daysFrom: 1, daysTo: 2), null, "and not now");
        }
        var pem = File.ReadAllText(TestCertificate.Write(_folder.PathOf("whole.pem")));
        Refuses(_folder.Write("half.pem", pem[..pem.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)]), null,
            "private key");
    }

    private NodeCertificate Certificate(string name, string? password = null) =>
        NodeCertificate.Load(TestCertificate.Write(_folder.PathOf(name), password), password);

    private static Address AddressOf(ClusterNode node) => ((ExtendedActorSystem)node.System).Provider.DefaultAddress;

    private static async Task<string> RefusedAsync(ClusterNode seed, NodeCertificate? certificate)
    {
        var e = await Assert.ThrowsAsync<ClusterException>(() => ClusterNode.JoinAsync(new NodeOptions
        {
            Seeds = [seed.Address],
            FollowsCoordinator = true,
            JoinTimeout = TimeSpan.FromSeconds(3),
            Certificate = certificate,
        }));
        return e.Message;
    }

    private static async Task CheckAsync(LocalCluster cluster, int nodes)
    {
        const int BatchSize = 24;
        var data = EmbeddedDigits.Load<float>().Standardized().Train;
        var graph = SmallModels.Build<float>("mlp", BatchSize);
        await using var reference = await ReferenceNetwork.StartAsync<float>(graph, Loss.CrossEntropy, new Sgd(0.1), 1);
        var expected = await Training.RunAsync(reference, data, BatchSize, 3);
        await using var network = await Network<float>.StartAsync(
            graph,
            new NetworkOptions
            {
                Optimizer = new Sgd(0.1),
                Where = new OnNodes(cluster.Coordinator) { Nodes = nodes }
            });
        Assert.Equal(expected.Hash, (await Training.RunAsync(network, data, BatchSize, 3)).Hash);
    }
}
