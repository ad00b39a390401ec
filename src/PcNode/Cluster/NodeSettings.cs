using System.Net;
using Microsoft.Extensions.Logging;
using PcActors.Cluster;
using PcActors.Cluster.Security;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Cluster;

/// <summary>How a node is reached, as settings say.</summary>
internal static class NodeSettings
{
    /// <summary>Holds the private key's password, where no file does. It is no option: others on the machine can
    /// read command lines.</summary>
    public const string PasswordVariable = "PCNODE_TLS_PASSWORD";

    /// <summary>A node with its name, its seeds and its certificate.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="seeds">Nodes to join; null for none.</param>
    /// <param name="terminal">Warned of a node that anybody can reach.</param>
    /// <exception cref="UsageException">The password's file cannot be read; or other machines can reach it,
    /// without a certificate.</exception>
    /// <exception cref="ClusterException">The certificate cannot be used; or a seed is none.</exception>
    public static NodeOptions Read(Settings settings, IReadOnlyList<string>? seeds, Terminal terminal)
    {
        var node = new NodeOptions
        {
            Hostname = settings.Get(SettingCatalogue.Hostname) ?? HostnameFor(seeds),
            Seeds = seeds ?? [],
            Logs = terminal.Logs?.Factory,
            Certificate = settings.Get(SettingCatalogue.TlsCertificate) is { } path
                ? NodeCertificate.Load(path, Password(settings))
                : null,
        };
        node.RequireSeeds();
        if (node.Certificate is not null || node.IsLoopback) return node;
        if (!settings.Get(SettingCatalogue.Insecure))
        {
            throw new UsageException(
                $"{SettingCatalogue.TlsCertificate.OptionName}: it is missing, and other machines can reach this one "
                + $"as {node.Hostname}; " +
                $"give a certificate, or {SettingCatalogue.Insecure.OptionName} in a network whose every machine may "
                + "read and change what is sent");
        }
        terminal.Say(
            $"pcnode: warning: without a certificate nothing is encrypted, and whoever reaches {node.Hostname} can "
            + "use it", LogLevel.Warning);
        return node;
    }

    /// <summary>The name under which others reach this machine: the loopback address among neighbours on
    /// it, else its own name.</summary>
    private static string HostnameFor(IReadOnlyList<string>? seeds) =>
        seeds is null || seeds.All(s => new NodeOptions { Hostname = s[..Math.Max(s.LastIndexOf(':'), 0)] }.IsLoopback)
            ? "127.0.0.1"
            : Dns.GetHostName();

    private static string? Password(Settings settings)
    {
        if (settings.Get(SettingCatalogue.TlsPasswordFile) is not { } path)
            return Environment.GetEnvironmentVariable(PasswordVariable);
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"{settings.OriginOf(SettingCatalogue.TlsPasswordFile)}: '{path}' cannot be read: "
                + $"{e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
