using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Learning.Instruments;

/// <summary>How the error travels through a network in one step of inference: the norm of the
/// error by level and time.</summary>
/// <remarks>An instrument, no part of a network that learns: it runs the vertices' own dynamics
/// in one place, without messages, and looks at all of them. Under Z-IL the error of level l stands at time l and
/// nowhere else, and is backpropagation's; under IL it spreads from the root by one level a
/// timestep and settles.</remarks>
public sealed class ErrorWave
{
    private readonly double[] _norms;

    private ErrorWave(int levels, int times) => (Levels, Times, _norms) = (levels, times, new double[levels * times]);

    /// <summary>Levels, from the root's, 0.</summary>
    public int Levels { get; }

    /// <summary>Timesteps, from 0.</summary>
    public int Times { get; }

    /// <summary>The Euclidean norm of the errors of all function vertices at a level, as they act at a
    /// time; 0 where they rest.</summary>
    public double Norm(int level, int time) => Math.Sqrt(_norms[(level * Times) + time]);

    /// <summary>Runs the inference of one step and records its errors.</summary>
    /// <param name="graph">The graph, which is levelled here where the rule asks for it.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="batch">Inputs and target, of one micro-batch.</param>
    /// <param name="latents">Which vertices are latent; null as for a network.</param>
    /// <exception cref="ArgumentException">The batch has several micro-batches.</exception>
    public static ErrorWave Record<T>(
        Graph<T> graph, LearningRule rule, Loss loss, Batch<T> batch, Latents? latents = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // An error is seen at every level that it passes, those at which it only waits among them.
        if (rule.LearnsAtLevel) graph = Levelling.Level(graph, everyLevel: true);
        graph = rule.RunGraphOf(graph, latents: latents);
        var run = new InferenceRun<T>(graph, rule, loss, batch);
        var steps = rule.StepsOn(graph.Depth);
        var wave = new ErrorWave(graph.Depth + 1, steps + 1);
        for (var time = 0; time <= steps; time++)
        {
            run.Advance(time);
            foreach (var vertex in run.ActiveAt(time))
                wave._norms[(graph.Level(vertex) * wave.Times) + time] += SquaredNorm(run.Error(vertex));
        }
        return wave;
    }

    private static double SquaredNorm<T>(Tensor<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        foreach (var element in error.Span)
        {
            var e = double.CreateTruncating(element);
            sum += e * e;
        }
        return sum;
    }
}
