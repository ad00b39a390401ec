using System.Net;

namespace PcNode.Cluster;

/// <summary>What a node does where nothing else is said.</summary>
internal static class NodeDefaults
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The name under which others reach this machine: the loopback address among neighbours on it, else its own name.</summary>
    public static string HostnameFor(IReadOnlyList<string>? seeds) =>
        seeds is null || seeds.All(s => Loopback.Contains(s[..Math.Max(s.LastIndexOf(':'), 0)])) ? "127.0.0.1" : Dns.GetHostName();
}
