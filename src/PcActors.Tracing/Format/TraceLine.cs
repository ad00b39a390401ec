using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Tracing.Format;

/// <summary>Formats records as lines of JSON.</summary>
internal sealed class TraceLine(int capacity) : JsonBuffer(capacity)
{
    private string _node = "";
    private byte[] _encodedNode = [];

    /// <summary>Appends a record's line.</summary>
    public void Append(TraceRecord record)
    {
        Reserve(RoomForNumbers);
        Put("{\"event\":\"message\""u8);
        Put(",\"n\":"u8, record.N);
        if (record.Taken > 0)
        {
            Put(",\"taken\":"u8, record.Taken);
            Put(",\"arrivedAt\":"u8, record.ArrivedAt);
            Put(",\"takenAt\":"u8, record.TakenAt);
            Put(",\"doneAt\":"u8, record.DoneAt);
        }
        else
        {
            Put(",\"arrivedAt\":"u8, record.ArrivedAt);
        }
        Put(",\"node\":"u8);
        PutNode(record.Node);
        Put(",\"from\":"u8, record.From);
        if (record.Sender is not null) PutText(",\"sender\":"u8, record.Sender);
        Put(",\"to\":"u8, record.To);
        PutText(",\"kind\":"u8, record.Kind);
        if (record.IsOfStep)
        {
            Put(",\"step\":"u8, record.Step);
            if (record.Prediction != 0) Put(",\"prediction\":"u8, record.Prediction);
            if (record.Infers) Put(",\"infers\":true"u8);
            Put(",\"attempt\":"u8, record.Attempt);
        }
        PutOptional(",\"microBatch\":"u8, record.MicroBatch);
        PutOptional(",\"time\":"u8, record.Time);
        if (record.Purpose is { } purpose) PutPurpose(purpose);
        PutOptional(",\"edge\":"u8, record.Edge);
        PutOptional(",\"batchSize\":"u8, record.BatchSize);
        PutOptional(",\"vertex\":"u8, record.Vertex);
        if (record.Commit is { } commit)
        {
            Put(",\"commit\":{\"step\":"u8, commit.Step);
            Put(",\"attempt\":"u8, commit.Run);
            Put("}"u8);
        }
        if (record.Loss is { } loss) Put(",\"loss\":"u8, loss);
        if (record.Energy is { } energy) Put(",\"energy\":"u8, energy);
        if (record.IsMasked) Put(",\"masked\":true"u8);
        if (record.Shape is { } shape) PutTensor(record, shape);
        Put("}"u8);
        EndLine();
    }

    /// <summary>Appends the last line.</summary>
    public void AppendEnd(TraceTotals totals, string sha256)
    {
        Reserve(RoomForNumbers);
        Put("{\"event\":\"end\""u8);
        Put(",\"messages\":"u8, totals.Messages);
        Put(",\"values\":"u8, totals.Values);
        Put(",\"errors\":"u8, totals.Errors);
        PutText(",\"sha256\":"u8, sha256);
        Put("}"u8);
        EndLine();
    }

    private void PutTensor(TraceRecord record, Shape shape)
    {
        PutShape(",\"shape\":"u8, shape);
        Put(record.Form switch
        {
            TraceForm.Factored => ",\"form\":\"factored\""u8,
            TraceForm.Sum => ",\"form\":\"sum\""u8,
            _ => ",\"form\":\"whole\""u8,
        });
        Put(",\"bytes\":"u8, record.Bytes);
        PutHash(",\"hash\":\""u8, record.Hash);
        if (record.Norm is { } norm) Put(",\"norm\":"u8, norm);
        if (record.Payload is { } payload) PutPayload(payload);
        if (record.Mask is { } mask) PutElements(",\"mask\":"u8, mask.Whole!);
        if (record.State is { } state) PutState(state);
    }

    private void PutPurpose(TimestepPurpose purpose) => Put(purpose switch
    {
        TimestepPurpose.Initialise => ",\"purpose\":\"initialise\""u8,
        TimestepPurpose.Infer => ",\"purpose\":\"infer\""u8,
        TimestepPurpose.Learn => ",\"purpose\":\"learn\""u8,
        TimestepPurpose.InferAndLearn => ",\"purpose\":\"inferAndLearn\""u8,
        _ => ",\"purpose\":\"none\""u8,
    });

    private void PutState(TraceState state)
    {
        Put(",\"state\":{\"updates\":"u8, state.Updates);
        PutHash(",\"hash\":\""u8, state.Hash);
        Put(",\"elements\":["u8);
        for (var i = 0; i < state.Elements.Count; i++) PutElements(i == 0 ? ""u8 : ","u8, state.Elements[i]);
        Put("]}"u8);
    }

    private void PutPayload(TracePayload payload)
    {
        Put(",\"payload\":"u8);
        if (payload.Products.Count == 0)
        {
            PutElements(""u8, payload.Whole!);
            return;
        }
        Put("{"u8);
        if (payload.Whole is { } start)
        {
            PutElements("\"start\":"u8, start);
            Put(","u8);
        }
        Put("\"products\":["u8);
        for (var i = 0; i < payload.Products.Count; i++)
        {
            Reserve(RoomForNumbers);
            Put(i == 0 ? "["u8 : ",["u8);
            PutFactor(payload.Products[i].Left);
            Put(","u8);
            PutFactor(payload.Products[i].Right);
            Put("]"u8);
        }
        Put("]}"u8);
    }

    private void PutFactor(TraceFactor factor)
    {
        Put("{\"rows\":"u8, factor.Rows);
        Put(factor.Transposed ? ",\"transposed\":true"u8 : ",\"transposed\":false"u8);
        PutShape(",\"shape\":"u8, factor.Shape);
        PutElements(",\"elements\":"u8, factor.Elements);
        Put("}"u8);
    }

    private void PutShape(ReadOnlySpan<byte> key, Shape shape)
    {
        Reserve(RoomForNumbers + (12 * shape.Rank));
        Put(key);
        Put("["u8);
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (axis > 0) Put(","u8);
            Put(""u8, shape.Dimensions[axis]);
        }
        Put("]"u8);
    }

    private void PutNode(string node)
    {
        if (!ReferenceEquals(node, _node)) (_node, _encodedNode) = (node, Encode(node));
        Reserve(_encodedNode.Length + RoomForNumbers);
        Put(_encodedNode);
    }
}
