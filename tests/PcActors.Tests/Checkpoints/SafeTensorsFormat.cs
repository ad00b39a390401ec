using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using PcActors.Checkpoints;
using PcActors.Tensors;

namespace PcActors.Tests.Checkpoints;

/// <summary>Golden: files are what the description of the safetensors format says, and files that it forbids are
/// refused.</summary>
public class SafeTensorsFormat
{
    [Fact]
    public void A_checkpoint_is_read_by_a_reader_that_knows_the_format_alone()
    {
        var file = StoredStates.FileOf(20);
        var (metadata, tensors) = Read(file);
        Assert.Equal("20", metadata["pcactors.step"]);
        Assert.Equal("1\n2", metadata["note/one"]);
        Assert.Equal(4 * StoredStates.Parameters.Length, tensors.Count);
        foreach (var name in StoredStates.Parameters)
        {
            var state = StoredStates.Of(20, name);
            Assert.Equal(("I64", ""), (tensors[$"updates/{name}"].Type, tensors[$"updates/{name}"].Shape));
            Assert.Equal(20, BinaryPrimitives.ReadInt64LittleEndian(tensors[$"updates/{name}"].Bytes));
            foreach (var (key, tensor) in new[] { ($"parameter/{name}", state.Value),
                ($"optimizer.0/{name}", state.OptimizerState[0]), ($"optimizer.1/{name}", state.OptimizerState[1]) })
            {
                Assert.Equal(("F32", "50,3"), (tensors[key].Type, tensors[key].Shape));
                Assert.Equal(tensor.Span.ToArray(),
                    Enumerable.Range(0, tensor.Length)
                        .Select(i => BinaryPrimitives.ReadSingleLittleEndian(tensors[key].Bytes.AsSpan(4 * i))));
            }
        }
    }

    [Fact]
    public void The_layout_is_that_of_the_description()
    {
        var file = StoredStates.FileOf(20);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(file);
        // Tensors start at a multiple of 8, the header begins with a brace and is filled up with spaces.
        Assert.Equal(0u, size % 8);
        var header = Encoding.UTF8.GetString(file.AsSpan(8, (int)size));
        Assert.StartsWith("{", header, StringComparison.Ordinal);
        Assert.EndsWith("}", header.TrimEnd(' '), StringComparison.Ordinal);
        // Offsets leave no gap, and elements are aligned.
        using var document = JsonDocument.Parse(header);
        var end = 0L;
        foreach (var tensor in document.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__")
            .OrderBy(p => p.Value.GetProperty("data_offsets")[0].GetInt64()))
        {
            Assert.Equal(end, tensor.Value.GetProperty("data_offsets")[0].GetInt64());
            Assert.Equal(0, end % (tensor.Value.GetProperty("dtype").GetString() == "I64" ? 8 : 4));
            end = tensor.Value.GetProperty("data_offsets")[1].GetInt64();
        }
        Assert.Equal(file.Length, 8 + (long)size + end);
    }

    // Two tensors, as the format's description has them; the second one first.
    [Fact]
    public void A_file_of_another_writer_is_read()
    {
        var header = SafeTensors.Read(
            FileOf(
                """{"b":{"dtype":"F16","shape":[1,3],"data_offsets":[4,10]},"__metadata__":{"format":"pt"},"a":{"data_offsets":[0,4],"dtype":"F32","shape":[]}}   """, 10), out _);
        Assert.Equal("pt", header.Metadata["format"]);
        Assert.Equal(["a", "b"], header.Tensors.Select(t => t.Name));
        Assert.Equal([1L, 3], header.Tensors[1].Dimensions);
        Assert.Empty(SafeTensors.Read(FileOf("{}", 0), out _).Tensors);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "'a' begins at byte 4, and the one before it ends at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8,
        "its tensors have 4 bytes, and 8 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3,
        "its tensors have 4 bytes, and 3 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "'b' begins at byte 2, and the one before it ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "begins at byte 0, and the one before it ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "bytes 4 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[9,9]}}""", 0, "begins at byte 9")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "has the number -1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6, "has the number 1.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4,
        "has the number 99999999999999999999")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0,
        "more than 2^63 bytes")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1152921504606846975],"data_offsets":[0,9223372036854775800]}}""", 8,
        "9223372036854775800 bytes, and 8 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"C7","shape":[1],"data_offsets":[0,4]}}""", 4, "the element type 'C7'")]
    [InlineData("""{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", 4, "not read")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks its dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "more than these")]
    [InlineData("""{"a":[1]}""", 4, "not read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not read")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not read")]
    [InlineData("""{"__metadata__":{"a":null}}""", 0, "no text")]
    [InlineData("""{"__metadata__":["a"]}""", 0, "not read")]
    [InlineData("""{"__metadata__":{"a":{"b":{"c":{"d":{}}}}}}""", 0, "not read")]
    [InlineData("""{"a":""", 0, "not read")]
    [InlineData("""{} {}""", 0, "not read")]
    [InlineData(""" {}""", 0, "does not begin")]
    [InlineData("""[]""", 0, "does not begin")]
    public void What_the_format_forbids_is_refused(string header, int bytes, string reason) =>
    Refused(FileOf(header, bytes), reason);

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(43ul)]
    [InlineData(100_000_001ul)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void A_length_that_cannot_be_is_refused(ulong length)
    {
        var file = FileOf("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4);
        BinaryPrimitives.WriteUInt64LittleEndian(file.GetBuffer(), length);
        Refused(file, length == 43 ? "not read" : "header would have");
    }

    [Fact]
    public void Whatever_is_wrong_is_one_error_and_nothing_large_is_allocated()
    {
        var whole = StoredStates.FileOf(20);
        var random = new SeededRandom(11, "mutations");
        var size = 8 + BitConverter.ToInt32(whole);
        for (var trial = 0; trial < 3_000; trial++)
        {
            var file = whole.AsSpan(0, trial % 5 == 0 ? random.NextInt(whole.Length) : whole.Length).ToArray();
            for (var i = 0; i <= trial % 4 && file.Length > 0; i++)
            {
                var place = random.NextInt(Math.Min(file.Length, size));
                // Digits, so that numbers change, and any byte.
                file[place] = trial % 2 == 0 ? (byte)('0' + random.NextInt(10)) : (byte)random.NextInt(256);
            }
            if (file.AsSpan().SequenceEqual(whole)) continue;
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<CheckpointException>(() => CheckpointFile.Read<float>(new MemoryStream(file)));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        }
    }

    private static void Refused(MemoryStream file, string reason)
    {
        file.Position = 0;
        Assert.Contains(reason, Assert.Throws<CheckpointException>(() => SafeTensors.Read(file, out _)).Message,
            StringComparison.Ordinal);
    }

    private static MemoryStream FileOf(string header, int bytes)
    {
        var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(Encoding.UTF8.GetBytes(header));
        stream.Write(new byte[bytes]);
        stream.Position = 0;
        return stream;
    }

    private static (Dictionary<string, string> Metadata,
        Dictionary<string, (string Type, string Shape, byte[] Bytes)> Tensors) Read(byte[] file)
    {
        var size = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, size));
        var tensors = new Dictionary<string, (string Type, string Shape, byte[] Bytes)>();
        foreach (var entry in document.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__"))
        {
            var (offsets, shape) = (entry.Value.GetProperty("data_offsets"), entry.Value.GetProperty("shape"));
            tensors[entry.Name] = (
                entry.Value.GetProperty("dtype").GetString()!,
                string.Join(',', shape.EnumerateArray()),
                file[(8 + size + offsets[0].GetInt32())..(8 + size + offsets[1].GetInt32())]);
        }
        return (document.RootElement.GetProperty("__metadata__").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetString()!), tensors);
    }
}
