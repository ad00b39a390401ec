using System.Globalization;
using System.Text.Json;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Pictures;

/// <summary>Writes a trace in Chrome's trace event format, which ui.perfetto.dev and
/// chrome://tracing show: a track for each vertex, a slice for each message that it handles, an arrow from the
/// slice that sent it.</summary>
/// <remarks>Tracks are in order of level: the leaves furthest from the root on top, the
/// root at the bottom, above all the coordinator. Times are in microseconds, as the format wants it.</remarks>
public static class PerfettoTrace
{
    private const int FlushAt = 1 << 16;

    /// <summary>Writes what is left of a trace.</summary>
    /// <param name="trace">The trace; read to its end.</param>
    /// <param name="output">Receives the JSON, UTF-8; left open.</param>
    /// <exception cref="TraceException">The trace is truncated or edited.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(TraceReader trace, Stream output)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Write(trace.Header, trace.Records(), output);
    }

    /// <summary>Writes records of a run.</summary>
    /// <param name="header">What ran.</param>
    /// <param name="records">Its messages, in any order.</param>
    /// <param name="output">Receives the JSON, UTF-8; left open.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(TraceHeader header, IEnumerable<TraceRecord> records, Stream output)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(output);
        using var json = new Utf8JsonWriter(output);
        var nodes = new Dictionary<string, int>(StringComparer.Ordinal);
        // Where each receiver lives: an arrow has to start on its sender's track.
        var homes = new Dictionary<int, int>();
        var tracks = new HashSet<(int Process, int Vertex)>();
        var depth = header.Vertices.Count == 0 ? 0 : header.Vertices.Max(v => v.Level);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartObject("otherData");
        json.WriteString("run", header.Run);
        json.WriteString("model", header.Model);
        json.WriteString("rule", header.Rule.Name);
        json.WriteEndObject();
        json.WriteStartArray("traceEvents");
        foreach (var record in records)
        {
            if (!nodes.TryGetValue(record.Node, out var process))
            {
                nodes.Add(record.Node, process = nodes.Count + 1);
                WriteName(json, "process_name", process, 0, $"{header.Model} on {record.Node}");
            }
            homes[record.To] = process;
            if (tracks.Add((process, record.To))) WriteTrack(json, header, depth, process, record.To);
            WriteSlice(json, header, record, process);
            // A sender that has received nothing yet lives where its first message goes, until it is known better.
            if (record.From != TraceRecord.Other && record.Taken > 0)
                WriteArrow(json, record, homes.GetValueOrDefault(record.From, process), process);
            if (json.BytesPending > FlushAt) json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A trace of a cheat has ids that are nobody's.
    private static string? NameOf(TraceHeader header, int id) => id == TraceRecord.Coordinator ? "coordinator"
        : id >= 0 && id < header.Vertices.Count ? header.Vertices[id].Name
        : null;

    // Thread 0 would be the process itself.
    private static int Thread(int vertex) => vertex + 2;

    private static void WriteTrack(Utf8JsonWriter json, TraceHeader header, int depth, int process, int vertex)
    {
        if (vertex < 0 || vertex >= header.Vertices.Count)
        {
            WriteName(json, "thread_name", process, Thread(vertex), NameOf(header, vertex) ?? "nobody of the run");
            WriteOrder(json, process, Thread(vertex), -1);
            return;
        }
        var described = header.Vertices[vertex];
        WriteName(json, "thread_name", process, Thread(vertex), Text($"{described.Name} (level {described.Level})"));
        // Within a level in order of id: at most as many places as there are vertices.
        WriteOrder(json, process, Thread(vertex), ((depth - described.Level) * header.Vertices.Count) + vertex);
    }

    private static void WriteSlice(Utf8JsonWriter json, TraceHeader header, TraceRecord record, int process)
    {
        var isTaken = record.Taken > 0;
        Begin(json, isTaken ? "X" : "i", record.Kind, record.IsBetweenVertices ? record.Kind : "control", process,
            Thread(record.To));
        WriteTime(json, "ts", isTaken ? record.TakenAt : record.ArrivedAt);
        if (isTaken) WriteTime(json, "dur", Math.Max(0, record.DoneAt - record.TakenAt));
        else json.WriteString("s", "t");
        json.WriteStartObject("args");
        json.WriteString("from", NameOf(header, record.From) ?? record.Sender);
        if (record.IsOfStep) json.WriteNumber("step", record.Step);
        if (record.Prediction > 0) json.WriteNumber("prediction", record.Prediction);
        if (record.IsOfStep) json.WriteNumber("attempt", record.Attempt);
        if (record.MicroBatch is { } micro) json.WriteNumber("microBatch", micro);
        if (record.Time is { } time) json.WriteNumber("t", time);
        if (record.Edge is { } edge) json.WriteNumber("edge", edge);
        if (record.Shape is { } shape) json.WriteString("shape", shape.ToString());
        if (record.Form != TraceForm.None)
        {
            json.WriteNumber("bytes", record.Bytes);
            json.WriteString("hash", record.Hash.ToString("x16", CultureInfo.InvariantCulture));
        }
        if (record.Norm is { } norm && double.IsFinite(norm)) json.WriteNumber("norm", norm);
        json.WriteNumber("n", record.N);
        WriteTime(json, "waited", isTaken ? record.TakenAt - record.ArrivedAt : 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArrow(Utf8JsonWriter json, TraceRecord record, int from, int to)
    {
        foreach (var isStart in (ReadOnlySpan<bool>)[true, false])
        {
            Begin(json, isStart ? "s" : "f", record.Kind, "message", isStart ? from : to,
                Thread(isStart ? record.From : record.To));
            json.WriteNumber("id", record.N);
            // A message arrives while its sender is at work on the one that caused it.
            WriteTime(json, "ts", isStart ? record.ArrivedAt : record.TakenAt);
            if (!isStart) json.WriteString("bp", "e");
            json.WriteEndObject();
        }
    }

    private static void WriteName(Utf8JsonWriter json, string what, int process, int thread, string name)
    {
        Begin(json, "M", what, "", process, thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOrder(Utf8JsonWriter json, int process, int thread, int index)
    {
        Begin(json, "M", "thread_sort_index", "", process, thread);
        json.WriteStartObject("args");
        json.WriteNumber("sort_index", index);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string phase, string name, string category, int process, int thread)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        if (category.Length > 0) json.WriteString("cat", category);
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", thread);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long nanoseconds) =>
        json.WriteNumber(name, nanoseconds / 1000m);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
