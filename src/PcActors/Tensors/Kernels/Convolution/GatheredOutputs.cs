using System.Numerics;

namespace PcActors.Tensors.Kernels.Convolution;

/// <summary>The outputs of a chunk of several samples as one matrix [channels, width].</summary>
internal static unsafe class GatheredOutputs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The matrix: gathered, or, of one sample, where it lies.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="outputs">Its first sample's channels of its group.</param>
    /// <param name="gathered">Room for those of several samples.</param>
    /// <param name="row">The row stride.</param>
    public static T* Of(in ConvolutionShape shape, in ColumnChunk chunk, T* outputs, T* gathered, out int row)
    {
        row = shape.Outputs;
        if (chunk.Samples == 1) return outputs + chunk.Start;
        row = chunk.Width;
        var sampleStride = (nint)shape.Groups * shape.GroupOutputs * shape.Outputs;
        var to = gathered;
        for (var channel = 0; channel < shape.GroupOutputs; channel++, outputs += shape.Outputs)
        {
            var from = outputs;
            for (var sample = 0; sample < chunk.Samples; sample++, to += chunk.Count, from += sampleStride)
                CopyToColumns.Copy(from, to, chunk.Count);
        }
        return gathered;
    }

    /// <summary>From the outputs of several samples, channel by channel, to each sample's own.</summary>
    public static void ShareOut(in ConvolutionShape shape, in ColumnChunk chunk, T* result, T* target)
    {
        var sampleStride = (nint)shape.Groups * shape.GroupOutputs * shape.Outputs;
        for (var channel = 0; channel < shape.GroupOutputs; channel++)
        {
            var to = target + ((nint)channel * shape.Outputs);
            for (var sample = 0; sample < chunk.Samples; sample++, result += chunk.Count, to += sampleStride)
                CopyToColumns.Copy(result, to, chunk.Count);
        }
    }
}
