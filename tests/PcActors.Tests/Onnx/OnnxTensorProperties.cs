using System.Runtime.InteropServices;
using Google.Protobuf;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Onnx;

/// <summary>Property: a tensor has the same elements however a file holds them.</summary>
public class OnnxTensorProperties
{
    public static TheoryData<OnnxElementType> Types =>
        [.. Enum.GetValues<OnnxElementType>().Where(t => t.Narrow() is null && t.Bits() >= 8)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Elements_are_the_same_in_raw_typed_and_external_form(OnnxElementType type)
    {
        using var folder = new TemporaryFolder();
        double[] values = type switch
        {
            OnnxElementType.Bool => [0, 1, 1, 0, 1, 0],
            _ when type.IsFloat() => [0, 1.5, -2.25, 96, double.PositiveInfinity, -0.0078125],
            _ when type.ToString().StartsWith('U') => [0, 1, 2, 100, 127, 200],
            _ => [0, -1, 2, -128, 127, 100],
        };
        var shape = new Shape(2, 3);
        var bytes = Raw(type, values);
        Assert.Equal(bytes, ElementCodec.Encode<double>(type, values));

        var raw = new TensorProto
        {
            Name = "t",
            DataType = (int)type,
            Dims = { 2, 3 },
            RawData = ByteString.CopyFrom(bytes)
        };
        var external = new TensorProto
        {
            Name = "t",
            DataType = (int)type,
            Dims = { 2, 3 },
            DataLocation = TensorProto.Types.DataLocation.External
        };
        external.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "t.data" });
        external.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "5" });
        folder.Write("t.data", [1, 2, 3, 4, 5, .. bytes]);
        foreach (var tensor in (TensorProto[])[raw, Typed(type, values), external])
        {
            var found = OnnxTensor.Load(folder.Write("t.pb", tensor.ToByteArray()));
            Assert.Equal(type, found.Type);
            Assert.Equal(shape, found.Shape);
            Assert.Equal(values, found.ToTensor<double>().Span.ToArray());
            Assert.Equal(Array.ConvertAll(values, v => (float)v), found.ToTensor<float>().Span.ToArray());
        }
    }

    [Fact]
    public void Bfloat16_is_rounded_to_nearest_even()
    {
        // 1 + 2^-8 lies half way between 1 and 1 + 2^-7, 1 + 3 * 2^-8 half way between 1 + 2^-7 and 1 + 2^-6.
        Assert.Equal(0x3F80, BFloat16.FromSingle(1f + (1f / 256)));
        Assert.Equal(0x3F82, BFloat16.FromSingle(1f + (3f / 256)));
        Assert.Equal(0x3F81, BFloat16.FromSingle(1f + (1.01f / 256)));
        Assert.True(float.IsNaN(BFloat16.ToSingle(BFloat16.FromSingle(float.NaN))));
        Assert.Equal(float.NegativeInfinity, BFloat16.ToSingle(BFloat16.FromSingle(float.MinValue)));
    }

    [Fact]
    public void An_integer_that_is_not_exact_is_refused_and_the_largest_means_to_the_end()
    {
        Assert.Equal([1L << 53, long.MaxValue, long.MinValue],
            Load((1L << 53), long.MaxValue, long.MinValue).ToIntegers());
        Assert.Contains("element 0", Message(() => Load((1L << 53) + 1).ToTensor<double>()), StringComparison.Ordinal);
        Assert.Contains("element 1", Message(() => Load(0, (1L << 24) + 1).ToTensor<float>()),
            StringComparison.Ordinal);
        Assert.Equal(1 << 24, Load(1 << 24).ToTensor<float>().Span[0]);
    }

    [Fact]
    public void A_double_that_is_no_float_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.pb", Typed(OnnxElementType.Double, [1, 2, 3, 1e300, 5, 6]).ToByteArray());
        Assert.Contains("element 3", Message(() => OnnxTensor.Load(path).ToTensor<float>()), StringComparison.Ordinal);
        Assert.Equal(1e300, OnnxTensor.Load(path).ToTensor<double>().Span[3]);
    }

    private static string Message(Action action) => Assert.Throws<OnnxException>(action).Message;

    private static OnnxTensor Load(params long[] values)
    {
        using var folder = new TemporaryFolder();
        return OnnxTensor.Load(
            folder.Write("t.pb",
                new TensorProto
                {
                    DataType = (int)OnnxElementType.Int64,
                    Dims = { values.Length },
                    Int64Data = { values }
                }.ToByteArray()));
    }

    private static byte[] Raw(OnnxElementType type, double[] values) => [.. values.SelectMany(v => type switch
    {
        OnnxElementType.Float => BitConverter.GetBytes((float)v),
        OnnxElementType.Double => BitConverter.GetBytes(v),
        OnnxElementType.Float16 => BitConverter.GetBytes((Half)v),
        OnnxElementType.BFloat16 => BitConverter.GetBytes((float)v)[2..],
        OnnxElementType.Int64 => BitConverter.GetBytes((long)v),
        OnnxElementType.UInt64 => BitConverter.GetBytes((ulong)v),
        OnnxElementType.Int32 => BitConverter.GetBytes((int)v),
        OnnxElementType.UInt32 => BitConverter.GetBytes((uint)v),
        OnnxElementType.Int16 => BitConverter.GetBytes((short)v),
        OnnxElementType.UInt16 => BitConverter.GetBytes((ushort)v),
        _ => [(byte)(v < 0 ? 256 + v : v)],
    })];

    private static TensorProto Typed(OnnxElementType type, double[] values)
    {
        var tensor = new TensorProto { Name = "t", DataType = (int)type, Dims = { 2, 3 } };
        switch (type)
        {
            case OnnxElementType.Float: tensor.FloatData.AddRange(values.Select(v => (float)v)); break;
            case OnnxElementType.Double: tensor.DoubleData.AddRange(values); break;
            case OnnxElementType.Int64: tensor.Int64Data.AddRange(values.Select(v => (long)v)); break;
            case OnnxElementType.UInt64 or OnnxElementType.UInt32:
                tensor.Uint64Data.AddRange(values.Select(v => (ulong)v)); break;
            case OnnxElementType.Float16 or OnnxElementType.BFloat16:
                tensor.Int32Data.AddRange(
                    MemoryMarshal.Cast<byte, ushort>(Raw(type, values)).ToArray().Select(v => (int)v));
                break;
            default: tensor.Int32Data.AddRange(values.Select(v => (int)v)); break;
        }
        return tensor;
    }
}
