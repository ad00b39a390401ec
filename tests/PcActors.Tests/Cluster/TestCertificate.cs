using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PcActors.Tests.Cluster;

/// <summary>A certificate that signs itself, in files.</summary>
internal static class TestCertificate
{
    /// <summary>Writes a certificate with its private key, in the form that the file's name says.</summary>
    public static string Write(string path, string? password = null, int daysFrom = -1, int daysTo = 2)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a cluster", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.Now.AddDays(daysFrom),
            DateTimeOffset.Now.AddDays(daysTo));
        if (path.EndsWith(".pfx", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
            return path;
        }
        var pem = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password,
                new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1_000));
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{pem}\n");
        return path;
    }
}
