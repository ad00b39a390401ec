using System.Numerics;
using PcActors.Learning.Energies;
using PcActors.Learning.Optimizers;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning;

/// <summary>What the dynamics of a rule see and set of one function vertex on one micro-batch. The
/// value is x = mu(0) + d, or under a rule that sweeps x = mu(t) + d.</summary>
/// <remarks>Each operation on these should be one correctly rounded IEEE operation an element, so that the bits are
/// the same everywhere.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VertexInference<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _pulledBack;
    private readonly Tensor<T>[] _state;
    private readonly Energy _energy;
    private readonly Optimizer _optimizer;
    private readonly Tensor<T>? _valueGradient;
    private readonly double[] _energies;
    private Tensor<T>[] _moments;
    private Tensor<T>[] _nextMoments;
    private Tensor<T> _prediction;
    private Tensor<T> _source;
    private SeededRandom? _random;

    internal VertexInference(Shape shape, LearningRule rule, Energy? energy = null, double? rate = null)
    {
        (_energy, Rate) = (energy ?? Energy.UnitGaussian, rate ?? rule.InferenceRate);
        _optimizer = rule.OptimizerOf(Rate);
        InitialPredictionTensor = new Tensor<T>(shape);
        DisplacementTensor = new Tensor<T>(shape);
        ErrorTensor = new Tensor<T>(shape);
        ValueTensor = new Tensor<T>(shape);
        _prediction = InitialPredictionTensor;
        _pulledBack = _source = new Tensor<T>(shape);
        _state = New(rule.StateTensors);
        (_moments, _nextMoments) = (New(_optimizer.StateTensors), New(_optimizer.StateTensors));
        _valueGradient = _energy.DependsOnDistance ? null : new Tensor<T>(shape);
        _energies = new double[shape.Rank == 0 ? 1 : shape[0]];

        Tensor<T>[] New(int count)
        {
            var tensors = new Tensor<T>[count];
            for (var i = 0; i < count; i++) tensors[i] = new Tensor<T>(shape);
            return tensors;
        }
    }

    /// <summary>t, the timestep of inference.</summary>
    public int Time { get; private set; }

    /// <summary>Whether this is the last timestep: no value moves any more.</summary>
    public bool IsLast { get; private set; }

    /// <summary>gamma: the vertex's own, or the rule's.</summary>
    public double Rate { get; }

    /// <summary>mu(t): what the inputs' values predict.</summary>
    public ReadOnlySpan<T> Prediction => _prediction.Span;

    /// <summary>mu(0).</summary>
    public ReadOnlySpan<T> InitialPrediction => InitialPredictionTensor.Span;

    /// <summary>d = x - mu(0), or under a rule that sweeps x - mu(t).</summary>
    public Span<T> Displacement => DisplacementTensor.Writable;

    /// <summary>eps, as it stood when the vertex last acted, until it is set anew.</summary>
    public Span<T> Error => ErrorTensor.Writable;

    /// <summary>The sum of the consumers' pull-backs of t - 1, in canonical order; it may be written over.</summary>
    public Span<T> PulledBack
    {
        get
        {
            if (_source != _pulledBack) _source.Span.CopyTo(_pulledBack.Writable);
            _source = _pulledBack;
            return _pulledBack.Writable;
        }
    }

    /// <summary>Each sample's energy, as it stood when the vertex last acted.</summary>
    public ReadOnlySpan<double> Energies => _energies;

    internal Tensor<T> InitialPredictionTensor { get; }

    internal Tensor<T> DisplacementTensor { get; }

    internal Tensor<T> ErrorTensor { get; private set; }

    internal Tensor<T> ValueTensor { get; private set; }

    /// <summary>ln Pi, where it is an input of the vertex.</summary>
    internal Tensor<T>? LogPrecision { get; set; }

    private EnergyTerms<T> Terms => new()
    {
        Value = ValueTensor.Writable,
        Prediction = Prediction,
        Error = Error,
        ValueGradient = _valueGradient is null ? default : _valueGradient.Writable,
        Energies = _energies,
        LastExtent = ErrorTensor.Shape.Rank == 0 ? 1 : ErrorTensor.Shape[-1],
        LogPrecision = LogPrecision is null ? default : LogPrecision.Span,
    };

    /// <summary>One of the rule's own tensors.</summary>
    /// <param name="index">From 0, less than <see cref="LearningRule.StateTensors"/>.</param>
    public Span<T> State(int index) => _state[index].Writable;

    /// <summary>Random numbers of this vertex, micro-batch and step, one sequence for all timesteps: the
    /// same in every run of the same seed, on any nodes.</summary>
    public SeededRandom Random => _random ?? throw new InvalidOperationException("the rule draws nothing at random");

    /// <summary>dF/dx: what the consumers pulled back, and the derivative of the vertex's
    /// own energy. It takes the place of <see cref="PulledBack"/>, and may be written over.</summary>
    public Span<T> Gradient()
    {
        var gradient = _pulledBack.Writable;
        if (_valueGradient is { } own) TensorPrimitives.Add(_source.Span, own.Span, gradient);
        else TensorPrimitives.Subtract(_source.Span, Error, gradient);
        _source = _pulledBack;
        return gradient;
    }

    /// <summary>Moves the displacement against a gradient, as the rule's optimizer of values has it.</summary>
    public void Descend(ReadOnlySpan<T> gradient)
    {
        _optimizer.Update(Time, Rate, DisplacementTensor.Span, gradient, 1, Displacement, _moments, _nextMoments);
        (_moments, _nextMoments) = (_nextMoments, _moments);
    }

    /// <summary>Makes dE/dmu of the distance mu - x that stands in <see cref="Error"/>,
    /// and sets the energies.</summary>
    public void Weigh() => _energy.Evaluate(Terms);

    /// <summary>What the rule draws from in this step; null when it draws nothing.</summary>
    internal void Draw(SeededRandom? random) => _random = random;

    /// <summary>t = 0.</summary>
    internal void Begin(Tensor<T> prediction)
    {
        (Time, IsLast) = (0, false);
        Predict(prediction);
        prediction.Span.CopyTo(InitialPredictionTensor.Writable);
        DisplacementTensor.Writable.Clear();
        ErrorTensor.Writable.Clear();
        foreach (var state in _state) state.Writable.Clear();
        foreach (var moment in _moments) moment.Writable.Clear();
        _energy.Initialise(Terms);
        // Where x is mu the displacement is 0, and stays so to the bit.
        if (!_energy.DependsOnDistance)
            TensorPrimitives.Subtract(ValueTensor.Span, InitialPrediction, Displacement);
    }

    internal void Predict(Tensor<T> prediction) => _prediction = prediction;

    /// <summary>The value has moved: it is sent as another tensor than before.</summary>
    internal void RenewValue() => ValueTensor = ValueTensor.Anew();

    /// <summary>The error has moved: it is sent as another tensor than before.</summary>
    internal void RenewError() => ErrorTensor = ErrorTensor.Anew();

    /// <summary>Takes the sum of the consumers' pull-backs, which is only read.</summary>
    internal void PullBack(Tensor<T> sum) => _source = sum;

    /// <summary>t, from 0.</summary>
    internal void Advance(int time, bool isLast) => (Time, IsLast) = (time, isLast);
}
