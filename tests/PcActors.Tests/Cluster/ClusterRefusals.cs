using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Serialization;
using PcActors.Cluster;
using PcActors.Cluster.Wire;
using PcActors.Runs;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Cluster;

/// <summary>What cannot be is said within a finite time, and names what is wrong.</summary>
public sealed class ClusterRefusals
{
    [Fact]
    public async Task A_seed_that_does_not_answer()
    {
        var e = await Assert.ThrowsAsync<ClusterException>(() => ClusterNode.JoinAsync(
            new NodeOptions { Seeds = ["127.0.0.1:1"], JoinTimeout = TimeSpan.FromSeconds(1) }));
        Assert.Contains("127.0.0.1:1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData("host:1/x")]
    public async Task A_seed_that_is_none(string seed)
    {
        var e = await Assert.ThrowsAsync<ClusterException>(
            () => ClusterNode.JoinAsync(new NodeOptions { Seeds = [seed] }));
        Assert.Contains($"'{seed}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var e =
            await Assert.ThrowsAsync<ClusterException>(() => ClusterNode.JoinAsync(new NodeOptions { Port = port }));
        Assert.Contains($"{port}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_nodes_than_vertices_and_workers_that_do_not_come()
    {
        await using var cluster = await LocalCluster.StartAsync(1);
        var graph = ResidualStack.Build<float>(3);
        Task Start(OnNodes where) => Network<float>.StartAsync(graph, new NetworkOptions { Where = where });
        var tooMany = await Assert.ThrowsAsync<ClusterException>(
            () => Start(new OnNodes(cluster.Coordinator) { Nodes = 10_000 }));
        Assert.Contains("10000 nodes", tooMany.Message, StringComparison.Ordinal);
        var absent = await Assert.ThrowsAsync<RunFailedException>(
            () => Start(new OnNodes(cluster.Coordinator) { Nodes = 2, Patience = TimeSpan.FromSeconds(1) }));
        Assert.Contains("1 of 2 worker nodes", absent.Message, StringComparison.Ordinal);
    }

    /// <summary>What stands in Akka's configuration is read by Akka, which does not come
    /// back from some texts.</summary>
    [Theory]
    [InlineData("a\" } akka { b = [&")]
    [InlineData("${akka}")]
    public async Task A_host_that_can_be_none(string host)
    {
        var e = await Assert.ThrowsAsync<ClusterException>(
            () => ClusterNode.JoinAsync(new NodeOptions { Hostname = host }));
        Assert.Contains($"'{host}' is no name of a host", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_of_different_versions()
    {
        await using var cluster = await LocalCluster.StartAsync(0);
        var e = await Assert.ThrowsAsync<ClusterException>(() => ClusterNode.JoinAsync(new NodeOptions
        {
            Seeds = [cluster.Coordinator.Address],
            FollowsCoordinator = true,
            Version = "98.7.6",
            JoinTimeout = TimeSpan.FromSeconds(90),
        }));
        Assert.Contains("98.7.6", e.Message, StringComparison.Ordinal);
        Assert.Contains(ClusterNode.ThisVersion, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_type_but_the_protocols_is_written_or_made()
    {
        await using var cluster = await LocalCluster.StartAsync(0);
        var serialization = ((ExtendedActorSystem)cluster.Coordinator.System).Serialization;
        object[] strangers = [new Uri("http://example.org"), new List<int> { 1 }, new Dictionary<string, object>(),
            new Google.Protobuf.WellKnownTypes.Any()];
        foreach (var stranger in strangers)
        {
            var serializer = serialization.FindSerializerFor(stranger);
            Assert.Throws<WireException>(() => serializer.ToBinary(stranger));
            Assert.Throws<WireException>(() => serializer.FromBinary([1, 2, 3], stranger.GetType()));
        }
        foreach (var type in WireSerializer.Types)
            Assert.IsType<WireSerializer>(serialization.FindSerializerForType(type));
        var wire = (SerializerWithStringManifest)serialization.FindSerializerForType(WireSerializer.Types[0]);
        Assert.Throws<WireException>(() => wire.FromBinary([1, 2, 3], typeof(Uri).AssemblyQualifiedName!));
        Assert.Throws<WireException>(() => wire.FromBinary([255, 255, 255, 255], "frame"));
    }
}
