using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace PcActors.Cluster.Security;

/// <summary>Finds out why a node could not be joined: whether anybody is there, and whether it speaks TLS.</summary>
internal static class SeedDiagnosis
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What stands in the way, to complete a message; empty when nothing does that
    /// can be seen from here.</summary>
    /// <param name="host">The seed's host.</param>
    /// <param name="port">Its port.</param>
    /// <param name="own">This node's certificate; null when it does without TLS.</param>
    public static async Task<string> OfAsync(string host, int port, NodeCertificate? own)
    {
        var seed = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, patience.Token).ConfigureAwait(false);
            return await CertificateOfAsync(client, patience.Token).ConfigureAwait(false) switch
            {
                null when own is not null =>
                    $"; {seed} does without TLS, and this node has a certificate: all nodes of a cluster have it, or "
                    + "none",
                null => "",
                _ when own is null =>
                    $"; {seed} demands TLS, and this node has no certificate: give it the one of the cluster",
                var other when other != own.Fingerprint =>
                    $"; {seed} has another certificate than this node: its SHA-256 is {other}, and this node's "
                    + $"{own.Fingerprint}",
                _ => "",
            };
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return $"; nobody answers at {seed}";
        }
    }

    private static async Task<string?> CertificateOfAsync(TcpClient client, CancellationToken cancellation)
    {
        string? shown = null;
        try
        {
            using var stream = new SslStream(client.GetStream());
            // Only to look at: nothing is said over this connection.
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "pcactors",
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        shown = certificate is null ? null : NodeCertificate.FingerprintOf(certificate);
                        return false;
                    },
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            // It does not speak TLS, or has shown what it is.
        }
        return shown;
    }
}
