using PcActors.Cluster;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Tests.Cluster;

/// <summary>Property: whoever joins neighbours on this machine is no less private than they are,
/// whatever they call it.</summary>
public sealed class NodeNames
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("127.255.3.4")]
    [InlineData("[::1]")]
    [InlineData("::1")]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    public void Names_of_this_machine_need_no_certificate(string host)
    {
        Assert.True(new NodeOptions { Hostname = host }.IsLoopback);
        if (host is not "::1") Assert.True(Joining($"{host}:4053", "127.0.0.1:9").IsLoopback);
    }

    [Theory]
    [InlineData("128.0.0.1")]
    [InlineData("worker2")]
    [InlineData("localhost.example")]
    [InlineData("[::2]")]
    public void Other_machines_do(string host)
    {
        Assert.False(new NodeOptions { Hostname = host }.IsLoopback);
        Assert.Contains("certificate",
            Assert.Throws<UsageException>(() => Joining("127.0.0.1:9", $"{host}:4053")).Message,
            StringComparison.Ordinal);
    }

    private static NodeOptions Joining(params string[] seeds) =>
        NodeSettings.Read(Settings.Reference, seeds, new Terminal(TextWriter.Null, TextWriter.Null));
}
