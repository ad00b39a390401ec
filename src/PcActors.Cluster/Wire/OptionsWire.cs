using PcActors.Extensions;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Tracing.Recording;

namespace PcActors.Cluster.Wire;

/// <summary>What all vertices of a run have in common.</summary>
internal static class OptionsWire
{
    public static Schema.RunOptions Write(RunOptions message)
    {
        var options = message.Options;
        return new()
        {
            Rule = Write(options.Rule),
            Clock = (int)options.Clock,
            Loss = Write(options.Loss),
            Optimizer = Write(options.Optimizer),
            MicroBatches = options.MicroBatches,
            InferenceSteps = options.InferenceSteps,
            Seed = options.Seed,
            Trace = message.Trace is { } trace ? new() { Payloads = trace.Payloads, Norms = trace.Norms } : null,
        };
    }

    public static RunOptions Read(Schema.RunOptions written)
    {
        if (!Enum.IsDefined((Clock)written.Clock)) throw new WireException($"there is no clock {written.Clock}");
        if (written.MicroBatches < 1) throw new WireException($"there are no {written.MicroBatches} micro-batches");
        return new(new(
            Read(Catalogues.Rules, written.Rule),
            (Clock)written.Clock,
            Read(Catalogues.Losses, written.Loss),
            Read(Catalogues.Optimizers, written.Optimizer),
            written.MicroBatches,
            written.InferenceSteps)
        { Seed = written.Seed }, written.Trace is { } trace ? new NodeTracing(trace.Payloads, trace.Norms) : null);
    }

    private static Schema.Described Write(IDescribed described)
    {
        var values = described.Values;
        var written = new Schema.Described { Kind = values.Kind };
        AttributeWire.Write(values.Attributes, written.Values);
        return written;
    }

    private static TKind Read<TKind>(Catalogue<TKind> catalogue, Schema.Described? written)
        where TKind : class, IDescribed => written is null
        ? throw new WireException("options without a rule, a loss or an optimizer")
        : catalogue.Restore(written.Kind, AttributeWire.Read(written.Values));
}
