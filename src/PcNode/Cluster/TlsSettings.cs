using PcActors.Cluster.Security;
using PcNode.Configuration;

namespace PcNode.Cluster;

/// <summary>The certificate that the settings name.</summary>
internal static class TlsSettings
{
    /// <summary>Holds the private key's password, where no file does. It is no option: others on the machine can read command lines.</summary>
    public const string PasswordVariable = "PCNODE_TLS_PASSWORD";

    /// <summary>The certificate; null for none.</summary>
    /// <exception cref="UsageException">The password's file cannot be read.</exception>
    /// <exception cref="PcActors.Cluster.ClusterException">The certificate cannot be used.</exception>
    public static NodeCertificate? Certificate(Settings settings) =>
        settings.Get(SettingCatalogue.TlsCertificate) is { } path ? NodeCertificate.Load(path, Password(settings)) : null;

    private static string? Password(Settings settings)
    {
        if (settings.Get(SettingCatalogue.TlsPasswordFile) is not { } path) return Environment.GetEnvironmentVariable(PasswordVariable);
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{settings.OriginOf(SettingCatalogue.TlsPasswordFile)}: '{path}' cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
