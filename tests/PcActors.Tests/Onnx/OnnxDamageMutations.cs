using PcActors.Onnx;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Mutation: model files cut after every byte, and with every byte changed.</summary>
public class OnnxDamageMutations
{
    public static TheoryData<string> Models => ["mlp.onnx", "rnn.onnx"];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_cut_anywhere_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(OnnxGoldens.PathOf(name));
        for (var length = 0; length < bytes.Length; length++)
        {
            var message = Assert.Throws<OnnxException>(() => OnnxModel.Parse(bytes.AsSpan(0, length), name)).Message;
            Assert.StartsWith(name, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        var path = folder.Write("a.onnx", bytes[..(bytes.Length / 2)]);
        Assert.StartsWith(path, Assert.Throws<OnnxException>(() => OnnxModel.Load(path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_changed_byte_is_refused_or_read_and_never_anything_else(string name)
    {
        var bytes = File.ReadAllBytes(OnnxGoldens.PathOf(name));
        byte[] changes = [0xFF, 0x01, 0x80, 0x10, 0x7E, 0x04];
        for (var position = 0; position < bytes.Length; position++)
        {
            for (var shift = 0; shift < 2; shift++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[position] ^= changes[(position + shift) % changes.Length];
                var thrown = Record.Exception(() => OnnxImport.ToGraph<float>(
                    OnnxModel.Parse(damaged, name),
                    new OnnxImportOptions { Dimensions = new Dictionary<string, int> { ["N"] = 2 } }));
                Assert.True(thrown is null or OnnxException, $"byte {position} is {damaged[position]}: {thrown}");
            }
        }
    }
}
