using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Golden: elements of 8 bits and fewer, by the tables of their specifications.</summary>
public sealed class NarrowTypeGoldens
{
    public static TheoryData<OnnxElementType> Types =>
        [.. Enum.GetValues<OnnxElementType>().Where(t => t.Narrow() is not null || t.Bits() < 8)];

    [Theory]
    [InlineData(OnnxElementType.Float8E4M3FN, new byte[] { 0x01, 0x08, 0x38, 0x7E, 0xFE, 0x7F },
        new[] { 0.001953125, 0.015625, 1, 448, -448, double.NaN })]
    [InlineData(OnnxElementType.Float8E4M3FNUZ, new byte[] { 0x01, 0x08, 0x40, 0x7F, 0xFF, 0x80 },
        new[] { 0.0009765625, 0.0078125, 1, 240, -240, double.NaN })]
    [InlineData(OnnxElementType.Float8E5M2, new byte[] { 0x01, 0x04, 0x3C, 0x7B, 0xFC, 0x7F },
        new[] { 1.52587890625e-05, 6.103515625e-05, 1, 57344, double.NegativeInfinity, double.NaN })]
    [InlineData(OnnxElementType.Float8E5M2FNUZ, new byte[] { 0x01, 0x04, 0x40, 0x7F, 0xFF, 0x80 },
        new[] { 7.62939453125e-06, 3.0517578125e-05, 1, 57344, -57344, double.NaN })]
    [InlineData(OnnxElementType.Float4E2M1, new byte[] { 0x10, 0x32, 0x54, 0x76, 0xF9 },
        new[] { 0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.5, -6 })]
    [InlineData(OnnxElementType.Int4, new byte[] { 0x71, 0x8F, 0x0A }, new double[] { 1, 7, -1, -8, -6 })]
    [InlineData(OnnxElementType.UInt4, new byte[] { 0x71, 0x8F, 0x0A }, new double[] { 1, 7, 15, 8, 10 })]
    [InlineData(OnnxElementType.Int2, new byte[] { 0xE4, 0x02 }, new double[] { 0, 1, -2, -1, -2 })]
    [InlineData(OnnxElementType.UInt2, new byte[] { 0xE4, 0x02 }, new double[] { 0, 1, 2, 3, 2 })]
    public void Codes_are_numbers(OnnxElementType type, byte[] bytes, double[] values)
    {
        using var folder = new TemporaryFolder();
        var proto = new TensorProto { DataType = (int)type, Dims = { values.Length } };
        var raw = new TensorProto(proto) { RawData = ByteString.CopyFrom(bytes) };
        proto.Int32Data.AddRange(bytes.Select(b => (int)b));
        foreach (var tensor in (TensorProto[])[raw, proto])
        {
            var found = OnnxTensor.Load(folder.Write("t.pb", tensor.ToByteArray()));
            Assert.Equal(values, found.ToTensor<double>().Span.ToArray());
        }
        Assert.Equal(bytes, ElementCodec.Encode<double>(type, values));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_code_survives_and_what_lies_between_goes_to_the_nearest(OnnxElementType type)
    {
        var bytes = Enumerable.Range(0, 256).Select(b => (byte)b).ToArray();
        var values = new double[256 * 8 / type.Bits()];
        ElementCodec.Decode<double>(type, bytes, values);
        var written = new double[values.Length];
        ElementCodec.Decode<double>(type, ElementCodec.Encode<double>(type, values), written);
        Assert.Equal(values, written);
        if (type.Narrow() is not { } narrow) return;
        double[] finite = [.. values.Where(double.IsFinite).Distinct().Order()];
        foreach (var (below, above) in finite.Zip(finite.Skip(1)))
        {
            Assert.Equal(below, narrow.Round(below + (0.49 * (above - below)), saturates: true));
            Assert.Equal(above, narrow.Round(below + (0.51 * (above - below)), saturates: true));
        }
        Assert.Equal(finite[^1], narrow.Round(1e9, saturates: true));
    }

    [Fact]
    public void Weights_of_four_bits_are_read_by_DequantizeLinear_and_do_not_learn()
    {
        var model = new TestModel(21).Input("x", 1, 2).Floats("scale", [], 0.5f);
        model.Proto.Graph.Initializer.Add(new TensorProto
        {
            Name = "w",
            DataType = (int)OnnxElementType.Int4,
            Dims = { 2, 2 },
            RawData = ByteString.CopyFrom(0x71, 0x8F),
        });
        var imported = OnnxImport.ToGraph<double>(model.Node("DequantizeLinear", "w scale", "v")
            .Node("MatMul", "x v", "y").Floats("b", [2], 1, 1).Node("Add", "y b", "z").Output("z").Model);
        Assert.DoesNotContain("w", imported.Parameters.Keys);
        // (1 2) times (0.5 3.5; -0.5 -4), and 1.
        var x = Tensor<double>.From(new Shape(1, 2), [1, 2]);
        Assert.Equal([0.5, -3.5], Forward.Predict(imported.Graph, _ => x).Span.ToArray());
    }
}
