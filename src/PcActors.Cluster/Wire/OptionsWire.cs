using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
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
            Rule = new()
            {
                Name = options.Rule.Name,
                ForwardInitialisation = options.Rule.ForwardInitialisation,
                LearnsAtLevel = options.Rule.LearnsAtLevel,
                InferenceRate = options.Rule.InferenceRate,
                InferenceSteps = options.Rule.InferenceSteps,
                RestsBehindWave = options.Rule.RestsBehindWave,
                InitialNoise = options.Rule.InitialNoise,
            },
            Clock = (int)options.Clock,
            Loss = options.Loss.Name,
            Optimizer = Write(options.Optimizer),
            MicroBatches = options.MicroBatches,
            InferenceSteps = options.InferenceSteps,
            Seed = options.Seed,
            Trace = message.Trace is { } trace ? new() { Payloads = trace.Payloads, Norms = trace.Norms } : null,
        };
    }

    public static RunOptions Read(Schema.RunOptions written)
    {
        if (written.Rule is not { } rule || written.Optimizer is not { } optimizer) throw new WireException("options without a rule or an optimizer");
        if (!Enum.IsDefined((Clock)written.Clock)) throw new WireException($"there is no clock {written.Clock}");
        if (written.MicroBatches < 1) throw new WireException($"there are no {written.MicroBatches} micro-batches");
        return new(new(
            new LearningRule
            {
                Name = rule.Name,
                ForwardInitialisation = rule.ForwardInitialisation,
                LearnsAtLevel = rule.LearnsAtLevel,
                InferenceRate = rule.InferenceRate,
                InferenceSteps = rule.InferenceSteps,
                RestsBehindWave = rule.RestsBehindWave,
                InitialNoise = rule.InitialNoise,
            },
            (Clock)written.Clock,
            Loss.Parse(written.Loss),
            Read(optimizer),
            written.MicroBatches,
            written.InferenceSteps) { Seed = written.Seed }, written.Trace is { } trace ? new NodeTracing(trace.Payloads, trace.Norms) : null);
    }

    private static Schema.Optimizer Write(Optimizer optimizer)
    {
        var written = new Schema.Optimizer { Name = optimizer.Name, LearningRate = optimizer.LearningRate, WeightDecay = optimizer.WeightDecay };
        switch (optimizer)
        {
            case Sgd:
                break;
            case Momentum momentum:
                written.Beta1 = momentum.Beta;
                break;
            case Adam adam:
                (written.Beta1, written.Beta2, written.Epsilon) = (adam.Beta1, adam.Beta2, adam.Epsilon);
                break;
            default:
                throw new WireException($"the optimizer {optimizer.Name} does not travel");
        }
        return written;
    }

    private static Optimizer Read(Schema.Optimizer written) => written.Name switch
    {
        "sgd" => new Sgd(written.LearningRate, written.WeightDecay),
        "momentum" => new Momentum(written.LearningRate, written.Beta1, written.WeightDecay),
        "adam" => new Adam(written.LearningRate, written.Beta1, written.Beta2, written.Epsilon, written.WeightDecay),
        _ => throw new WireException($"there is no optimizer '{written.Name}'"),
    };
}
