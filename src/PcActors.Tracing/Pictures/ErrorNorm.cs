using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Pictures;

/// <summary>Euclidean norms of recorded errors: as recorded, or else from the elements, if these were.</summary>
internal sealed class ErrorNorm(TraceHeader header)
{
    /// <summary>The norm of an error; null for other messages, and where neither norm nor
    /// elements were recorded.</summary>
    public double? Of(TraceRecord record)
    {
        if (record.Kind != MessageKind.Error.Name) return null;
        if (record.Norm is not null || record.Payload is null || record.Shape is null) return record.Norm;
        return header.DType == "f32"
            ? Measure<float>(record.Payload, record.Shape)
            : Measure<double>(record.Payload, record.Shape);
    }

    private static double Measure<T>(TracePayload payload, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Factors have a norm only when they are multiplied.
        var error = new Tensor<T>(shape);
        payload.ToPullBack<T>(shape).WriteTo(error);
        var sum = 0.0;
        foreach (var element in error.Span)
        {
            var number = double.CreateTruncating(element);
            sum += number * number;
        }
        return Math.Sqrt(sum);
    }
}
