using System.Diagnostics;

namespace PcNode.Tests.Cluster;

/// <summary>Machines of a network that can be cut in two: namespaces of Linux, each with an address of its
/// own, on two switches.</summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private readonly string _name = $"pcn{Environment.ProcessId}";
    private readonly List<string> _namespaces = [];

    private NetworkNamespaces()
    {
        Add("hub");
        foreach (var bridge in new[] { "left", "right" })
        {
            Ip("hub", $"link add {bridge} type bridge");
            Ip("hub", $"link set {bridge} up");
        }
        Ip("hub", "link add cable type veth peer name elbac");
        foreach (var (end, bridge) in new[] { ("cable", "left"), ("elbac", "right") })
        {
            Ip("hub", $"link set {end} master {bridge}");
            Ip("hub", $"link set {end} up");
        }
    }

    /// <summary>A network, or null where this process may not make one.</summary>
    public static NetworkNamespaces? TryCreate()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        try
        {
            return new NetworkNamespaces();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Adds a machine.</summary>
    /// <param name="number">From 1; its address is 10.250.0.number.</param>
    /// <param name="side">left or right.</param>
    /// <returns>The command that runs a program on it, and its address.</returns>
    public (string[] Run, string Address) AddMachine(int number, string side)
    {
        var (place, address) = ($"m{number}", $"10.250.0.{number}");
        Add(place);
        Ip("hub", $"link add port{number} type veth peer name eth0 netns {_name}{place}");
        Ip("hub", $"link set port{number} master {side}");
        Ip("hub", $"link set port{number} up");
        Ip(place, $"addr add {address}/24 dev eth0");
        Ip(place, "link set eth0 up");
        return (["ip", "netns", "exec", $"{_name}{place}"], address);
    }

    /// <summary>Cuts left from right.</summary>
    public void Cut() => Ip("hub", "link set cable down");

    public void Dispose()
    {
        foreach (var space in _namespaces) Run($"netns del {space}");
    }

    private void Add(string place)
    {
        Run($"netns add {_name}{place}");
        _namespaces.Add($"{_name}{place}");
        Ip(place, "link set lo up");
    }

    private void Ip(string place, string command) => Run($"-n {_name}{place} {command}");

    private static void Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", command) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip {command}: {error}");
    }
}
