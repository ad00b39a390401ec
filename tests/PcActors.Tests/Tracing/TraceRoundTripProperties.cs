using System.Text.Json;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Tests.Models;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>What is written into a trace is what is read from it.</summary>
public class TraceRoundTripProperties
{
    public static TheoryData<Optimizer> Optimizers =>
        [new Sgd(0.1, 1e-7), new Momentum(1.0 / 3, 0.7), new Adam(1e-4, 0.8, 0.99, 1e-6, 0.3),
            new AdamW(1e-4, 0.8, 0.99, 1e-6, 0.3)];

    public static TheoryData<Schedule> Schedules =>
        [Schedule.Constant, new WarmUp(7, 0.1), new StepDecay(9, 1.0 / 3), new Cosine(int.MaxValue, 0.1, 5, 1e-3)];

    public static TheoryData<string> Models => SmallModels.Names;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Records_come_back_as_they_were(ulong seed)
    {
        var records = RandomTrace.Records(300, seed);
        using var reader = new TraceReader(new MemoryStream(RandomTrace.Write(RandomTrace.Header(), records)),
            "memory");
        var read = reader.Records().ToList();
        Assert.Equal(records.Select(Text), read.Select(Text));
        Assert.True(reader.IsAtEnd);
        Assert.Equal(records.Count(r => r.Kind == MessageKind.Value.Name), reader.Totals.Values);
        Assert.Equal(records.Count(r => r.Kind == MessageKind.Error.Name), reader.Totals.Errors);
        Assert.Equal(records.Sum(r => r.Bytes), reader.Totals.Bytes);
        Assert.Equal(records.Count, reader.Totals.Messages);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_header_comes_back_as_it_was(string model)
    {
        var header = RandomTrace.Header(model);
        using var reader = new TraceReader(new MemoryStream(RandomTrace.Write(header, [])), "memory");
        Assert.Equal(Text(header), Text(reader.Header));
        Assert.Equal(header.Rule, reader.Header.Rule);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void The_optimizer_comes_back_with_its_numbers(Optimizer optimizer)
    {
        var header = RandomTrace.Header(optimizer: optimizer);
        using var reader = new TraceReader(new MemoryStream(RandomTrace.Write(header, [])), "memory");
        Assert.Equal(optimizer.GetType(), reader.Header.Optimizer.GetType());
        Assert.Equal(Text(optimizer), Text(reader.Header.Optimizer));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void The_schedule_comes_back_with_its_numbers(Schedule schedule)
    {
        var header = RandomTrace.Header(schedule: schedule);
        using var reader = new TraceReader(new MemoryStream(RandomTrace.Write(header, [])), "memory");
        Assert.Equal(schedule.Values, reader.Header.Schedule.Values);
        Assert.Same(reader.Header.Schedule, reader.Header.VertexOptions.Schedule);
    }

    [Fact]
    public void Each_line_is_a_JSON_object_with_an_event()
    {
        var lines = System.Text.Encoding.UTF8.GetString(
            RandomTrace.Write(RandomTrace.Header(), RandomTrace.Records(100, 9))).Split('\n');
        Assert.Equal("", lines[^1]);
        var events = lines[..^1].Select(l => JsonDocument.Parse(l).RootElement.GetProperty("event").GetString())
            .ToList();
        Assert.Equal(["trace", .. Enumerable.Repeat("message", 100), "end"], events);
    }

    [Theory]
    [InlineData("t.trace")]
    [InlineData("t.trace.gz")]
    public void Files_come_back_compressed_or_not(string name)
    {
        using var folder = new Data.TemporaryFolder();
        var path = folder.PathOf(name);
        var records = RandomTrace.Records(50, 4);
        using (var writer = new TraceWriter(TraceFile.Create(path), RandomTrace.Header()))
        {
            foreach (var record in records) writer.Write(record);
            writer.End();
        }
        using var reader = TraceReader.Open(path);
        Assert.Equal(records.Select(Text), reader.Records().Select(Text));
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new ShapeText(), new AttributesText() },
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static string Text(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    private sealed class ShapeText : System.Text.Json.Serialization.JsonConverter<PcActors.Tensors.Shape>
    {
        public override PcActors.Tensors.Shape Read(ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PcActors.Tensors.Shape value,
            JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class AttributesText : System.Text.Json.Serialization.JsonConverter<PcActors.Functions.Attributes>
    {
        public override PcActors.Functions.Attributes Read(ref Utf8JsonReader reader, Type typeToConvert,
            JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, PcActors.Functions.Attributes value,
            JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var name in value.Names)
            {
                writer.WriteString("type of " + name, value[name]!.GetType().Name);
                writer.WritePropertyName(name);
                JsonSerializer.Serialize(writer, value[name], options);
            }
            writer.WriteEndObject();
        }
    }
}
