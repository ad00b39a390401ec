using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Learning;

/// <summary>What the dynamics of a rule see and set of one function vertex on one micro-batch. The
/// value is x = mu(0) + d.</summary>
/// <remarks>Each operation on these should be one correctly rounded IEEE operation an element, so that the bits are
/// the same everywhere.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VertexInference<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _pulledBack;
    private readonly Tensor<T>[] _state;
    private Tensor<T> _prediction;
    private SeededRandom? _random;

    internal VertexInference(Shape shape, int stateTensors)
    {
        InitialPredictionTensor = new Tensor<T>(shape);
        DisplacementTensor = new Tensor<T>(shape);
        ErrorTensor = new Tensor<T>(shape);
        _prediction = InitialPredictionTensor;
        _pulledBack = new Tensor<T>(shape);
        _state = new Tensor<T>[stateTensors];
        for (var i = 0; i < stateTensors; i++) _state[i] = new Tensor<T>(shape);
    }

    /// <summary>t, the timestep of inference.</summary>
    public int Time { get; private set; }

    /// <summary>mu(t): what the inputs' values predict.</summary>
    public ReadOnlySpan<T> Prediction => _prediction.Span;

    /// <summary>mu(0).</summary>
    public ReadOnlySpan<T> InitialPrediction => InitialPredictionTensor.Span;

    /// <summary>d = x - mu(0).</summary>
    public Span<T> Displacement => DisplacementTensor.Writable;

    /// <summary>eps, as it stood when the vertex last acted, until it is set anew.</summary>
    public Span<T> Error => ErrorTensor.Writable;

    /// <summary>The sum of the consumers' pull-backs of t - 1, in canonical order; it may be written over.</summary>
    public Span<T> PulledBack => _pulledBack.Writable;

    internal Tensor<T> InitialPredictionTensor { get; }

    internal Tensor<T> DisplacementTensor { get; }

    internal Tensor<T> ErrorTensor { get; }

    internal Tensor<T> PulledBackTensor => _pulledBack;

    /// <summary>One of the rule's own tensors.</summary>
    /// <param name="index">From 0, less than <see cref="LearningRule.StateTensors"/>.</param>
    public Span<T> State(int index) => _state[index].Writable;

    /// <summary>Random numbers of this vertex, micro-batch and step, one sequence for all timesteps: the
    /// same in every run of the same seed, on any nodes.</summary>
    public SeededRandom Random => _random ?? throw new InvalidOperationException("the rule draws nothing at random");

    /// <summary>t = 0.</summary>
    internal void Begin(Tensor<T> prediction, SeededRandom? random)
    {
        (_random, Time) = (random, 0);
        Predict(prediction);
        prediction.Span.CopyTo(InitialPredictionTensor.Writable);
        DisplacementTensor.Writable.Clear();
        ErrorTensor.Writable.Clear();
        foreach (var state in _state) state.Writable.Clear();
    }

    internal void Predict(Tensor<T> prediction) => _prediction = prediction;

    /// <summary>t, from 1.</summary>
    internal void Advance(int time) => Time = time;
}
