using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace PcActors.Cluster.Security;

/// <summary>The certificate of a cluster: every node has it, with its private key, shows it, and talks
/// to none who does not.</summary>
/// <remarks>It stands for itself. Who signed it and which host it names do not count, so one made by
/// oneself is as good as any.</remarks>
public sealed class NodeCertificate
{
    private readonly X509Certificate2 _certificate;

    private NodeCertificate(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>SHA-256 of the certificate, by which two are compared.</summary>
    public string Fingerprint => FingerprintOf(_certificate);

    /// <summary>Reads a certificate and its private key.</summary>
    /// <param name="path">A PKCS #12 file (.pfx, .p12), or a .pem file with the certificate and the key in it.</param>
    /// <param name="password">What the key is encrypted with; null for nothing.</param>
    /// <exception cref="ClusterException">The file cannot be read, holds no private key, the password
    /// is wrong, or the certificate is out of date.</exception>
    public static NodeCertificate Load(string path, string? password = null)
    {
        if (!File.Exists(path)) throw new ClusterException($"{path}: there is no such certificate");
        X509Certificate2 certificate;
        try
        {
            certificate = IsPem(path)
                ? ReadPem(path, password)
                : X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            throw new ClusterException(
                $"{path}: it cannot be read as "
                + $"{(IsPem(path) ? "a .pem file with a certificate and its private key" : "a PKCS #12 file")}" +
                $"{(password is null ? ", without a password" : ", with the password given")}: {e.Message}", e);
        }
        if (!certificate.HasPrivateKey)
            throw new ClusterException($"{path}: there is no private key with the certificate");
        var now = DateTime.Now;
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            throw new ClusterException(
                $"{path}: the certificate is valid from {certificate.NotBefore:yyyy-MM-dd} to "
                + $"{certificate.NotAfter:yyyy-MM-dd}, and not now");
        }
        return new NodeCertificate(certificate);
    }

    /// <summary>For Akka: mutual authentication by this certificate.</summary>
    internal DotNettySslSetup Setup() => new(
        _certificate, suppressValidation: false, requireMutualAuthentication: true,
        (other, _, _, _, _) => other is not null && IsSame(other));

    /// <summary>Whether a peer shows this certificate.</summary>
    internal bool IsSame(X509Certificate other) =>
        CryptographicOperations.FixedTimeEquals(other.GetRawCertData(), _certificate.RawDataMemory.Span);

    /// <summary>A certificate's SHA-256.</summary>
    internal static string FingerprintOf(X509Certificate certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static bool IsPem(string path) => path.EndsWith(".pem", StringComparison.OrdinalIgnoreCase);

    private static X509Certificate2 ReadPem(string path, string? password)
    {
        using var read = password is null
            ? X509Certificate2.CreateFromPemFile(path)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password);
        // Not every platform uses a key that was never in a store of its own kind.
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }
}
