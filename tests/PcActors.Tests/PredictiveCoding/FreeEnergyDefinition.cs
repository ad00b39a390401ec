using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcActors.Learning.Losses;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>The free energy of a network as a function of all its values, parameters and precisions, written down from
/// the definitions of the energies: nothing of it is the library's but the operators' predictions.</summary>
internal sealed class FreeEnergyDefinition
{
    private readonly Graph<double> _graph;
    private readonly Loss _loss;
    private readonly Dictionary<int, Energy?> _energies;

    /// <summary>F of a graph that runs, with its latent vertices marked.</summary>
    public FreeEnergyDefinition(Graph<double> graph, Loss? loss = null, IReadOnlyList<VertexCoding>? codings = null)
    {
        (_graph, _loss) = (graph, loss ?? Loss.SquaredError);
        _energies = graph.Vertices.Where(v => v.IsLatent || v.IsFree).ToDictionary(
            v => v.Id, v => codings?.FirstOrDefault(c => c.Vertex == v.Name)?.Energy
                ?? (v.IsLatent ? Energy.UnitGaussian : null));
        foreach (var parameter in graph.Parameters) Values[parameter.Name] = parameter.Initial!.Clone();
    }

    /// <summary>Of leaves, parameters and latent vertices, by name.</summary>
    public Dictionary<string, Tensor<double>> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>What the root is clamped to; null for nothing.</summary>
    public Tensor<double>? Target { get; set; }

    /// <summary>Where it is clamped; null for everywhere.</summary>
    public Tensor<double>? TargetMask { get; set; }

    /// <summary>The names of what moves.</summary>
    public IEnumerable<string> Moving => _energies.Keys.Select(id => _graph.Vertices[id].Name);

    /// <summary>F, summed over samples.</summary>
    public double Total()
    {
        var predictions = Predictions();
        return _energies.Sum(e => e.Value is null ? 0 : EnergyOf(e.Key, e.Value, predictions[e.Key]))
            + RootLoss(predictions);
    }

    /// <summary>The predictions of all function vertices, by id; of leaves their values.</summary>
    public Tensor<double>[] Predictions()
    {
        var values = new Tensor<double>[_graph.Vertices.Count];
        var predictions = new Tensor<double>[_graph.Vertices.Count];
        foreach (var vertex in _graph.Vertices)
        {
            if (Values.TryGetValue(vertex.Name, out var held)) values[vertex.Id] = held;
        }
        foreach (var vertex in _graph.Vertices)
        {
            predictions[vertex.Id] = new Tensor<double>(vertex.Shape);
            if (vertex.Function is null) continue;
            vertex.Function.Predict([.. _graph.Inputs(vertex.Id).Select(e => values[e.From])], predictions[vertex.Id]);
            values[vertex.Id] ??= predictions[vertex.Id];
        }
        return predictions;
    }

    /// <summary>For every Gaussian energy and the squared error, sqrt(Pi) (mu - x): F is half the sum of their squares,
    /// but for what does not depend on values.</summary>
    public double[] Residuals()
    {
        var predictions = Predictions();
        var residuals = new List<double>();
        foreach (var (id, energy) in _energies)
        {
            if (energy is null) continue;
            var x = Values[_graph.Vertices[id].Name].Span;
            for (var i = 0; i < x.Length; i++)
                residuals.Add(Math.Sqrt(PrecisionOf(id, energy, i)) * (predictions[id].Span[i] - x[i]));
        }
        for (var i = 0; Target is not null && i < Target.Length; i++)
        {
            if (TargetMask is null || TargetMask.Span[i] != 0)
                residuals.Add(predictions[_graph.RootId].Span[i] - Target.Span[i]);
        }
        return [.. residuals];
    }

    /// <summary>dF/d of something held, by central differences.</summary>
    public double[] Gradient(string name)
    {
        var held = Values[name];
        var gradient = new double[held.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            ref var element = ref held.Writable[i];
            var at = element;
            var h = 1e-5 * Math.Max(1, Math.Abs(at));
            // The fourth-order formula.
            double Off(int steps)
            {
                held.Writable[i] = at + (steps * h);
                return Total();
            }
            gradient[i] = ((8 * (Off(1) - Off(-1))) - (Off(2) - Off(-2))) / (12 * h);
            element = at;
        }
        return gradient;
    }

    private double PrecisionOf(int id, Energy energy, int element)
    {
        if (_graph.Vertices[id].Function?.OperatorType != "GaussianPrecision") return energy.Values.Number("precision");
        var log = Values[_graph.Vertices[_graph.Inputs(id)[1].From].Name];
        return Math.Exp(log.Span[element % log.Length]);
    }

    private double EnergyOf(int id, Energy energy, Tensor<double> prediction)
    {
        var x = Values[_graph.Vertices[id].Name].Span;
        var mu = prediction.Span;
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            switch (energy.Name)
            {
                case "gaussian":
                    var precision = PrecisionOf(id, energy, i);
                    sum += 0.5 * ((precision * (mu[i] - x[i]) * (mu[i] - x[i])) - Math.Log(precision));
                    break;
                case "laplace":
                    var scale = energy.Values.Number("scale");
                    sum += (Math.Abs(mu[i] - x[i]) / scale) + Math.Log(2 * scale);
                    break;
                case "bernoulli":
                    sum += Math.Log(1 + Math.Exp(mu[i])) - (x[i] * mu[i]);
                    break;
                case "categorical":
                    var classes = prediction.Shape[-1];
                    if (i % classes == 0)
                    {
                        var exponentials = 0.0;
                        foreach (var logit in mu.Slice(i, classes)) exponentials += Math.Exp(logit);
                        sum += Math.Log(exponentials);
                    }
                    sum -= x[i] * mu[i];
                    break;
                default:
                    throw new NotSupportedException(energy.Name);
            }
        }
        return sum;
    }

    private double RootLoss(Tensor<double>[] predictions)
    {
        if (Target is null) return 0;
        var mu = predictions[_graph.RootId].Span;
        var sum = 0.0;
        if (_loss == Loss.SquaredError)
        {
            for (var i = 0; i < mu.Length; i++)
            {
                if (TargetMask is null || TargetMask.Span[i] != 0)
                    sum += 0.5 * (mu[i] - Target.Span[i]) * (mu[i] - Target.Span[i]);
            }
            return sum;
        }
        var classes = predictions[_graph.RootId].Shape[-1];
        for (var sample = 0; sample < Target.Length; sample++)
        {
            var logits = mu.Slice(sample * classes, classes);
            var exponentials = 0.0;
            foreach (var logit in logits) exponentials += Math.Exp(logit);
            sum += Math.Log(exponentials) - logits[(int)Target.Span[sample]];
        }
        return sum;
    }
}
