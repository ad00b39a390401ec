using System.Numerics;
using PcActors.Functions;
using PcActors.Learning.Energies;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Vertices;

/// <summary>The inference of one vertex on one micro-batch: what has come in, and the rule's dynamics on it.</summary>
internal sealed partial class MicroBatchInference<T> : MicroBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexDescription<T> _vertex;
    private readonly LearningRule _rule;
    private readonly VertexInference<T> _inference;
    private readonly ValueClamp<T> _clamp = new();

    public MicroBatchInference(VertexDescription<T> vertex, VertexOptions options, int errorEdges)
        : base(vertex, options.Rule.KeepsFactors)
    {
        (_vertex, _rule) = (vertex, options.Rule);
        // In a sweep all errors act at once, so all moves; and what rests acts once.
        _reuses = options.Reuses && !_rule.Sweeps && !_rule.RestsBehindWave;
        _pullBacks = new KeptPullBacks<T>(Evaluation);
        Arrivals = new Arrivals<T>(vertex, _rule, Evaluation.Inputs, errorEdges, _reuses);
        var coding = options.CodingOf(vertex.Name);
        _inference = new VertexInference<T>(vertex.Shape, _rule, coding?.Energy, coding?.InferenceRate);
        HasEnergy = vertex.IsLatent || (vertex.IsFree && coding?.Energy is not null);
        Holds = (vertex.IsLatent || vertex.IsFree) && !_rule.Sweeps;
        Moves = vertex.IsLatent || vertex.IsFree || (vertex.IsRoot && _rule.Sweeps)
            || (_rule.RestsBehindWave && !vertex.IsRoot && vertex.RequiresError);
        Reset();
    }

    /// <summary>What has come in.</summary>
    public Arrivals<T> Arrivals { get; }

    /// <summary>Whether there is an energy: a direct vertex, and a leaf without prior, have none.</summary>
    public bool HasEnergy { get; }

    /// <summary>Whether the value is held from one timestep to the next, rather than predicted anew.</summary>
    public bool Holds { get; }

    /// <summary>Whether inference moves its displacement: the value itself, or the error variable of a rule that
    /// sweeps.</summary>
    public bool Moves { get; }

    public TimestepPhase Phase { get; set; }

    public override Tensor<T> InitialPrediction => _inference.InitialPredictionTensor;

    /// <summary>x: what consumers read.</summary>
    public Tensor<T> Value => Moves && !_vertex.IsRoot ? _inference.ValueTensor : Evaluation.Prediction;

    public override Tensor<T> CurrentValue => Value;

    /// <summary>d = x - mu(0).</summary>
    public Tensor<T> Displacement => _inference.DisplacementTensor;

    /// <summary>eps, as it stood when the vertex last acted.</summary>
    public Tensor<T> Error => _inference.ErrorTensor;

    /// <summary>The energies of its samples as they stood when it last acted.</summary>
    public EnergySum Energy { get; private set; }

    public override void Reset()
    {
        base.Reset();
        Phase = TimestepPhase.Done;
        _clamp.Reset();
        Arrivals.Reset();
    }

    /// <summary>Takes what the vertex is clamped to; a second time it changes nothing.</summary>
    public bool TakeClamp(ClampData<T> clamp) => _clamp.Take(clamp);

    /// <summary>Whether it is known what the vertex is clamped to.</summary>
    public bool IsClampKnown => _clamp.IsKnown;

    /// <summary>t = 0, with mu(0) known: x at it, or where the rule or a clamp puts it.</summary>
    /// <param name="random">What the rule draws from in this step; null when it draws nothing.</param>
    public void Initialise(SeededRandom? random)
    {
        _inference.Draw(random);
        _predicted = Arrivals.InputChanges;
        Begin(Evaluation.Prediction);
    }

    /// <summary>A further sweep of the forward initialisation: it begins anew from the
    /// prediction as it is now.</summary>
    public void Follow()
    {
        _inference.RenewValue();
        _inference.RenewError();
        Begin(Evaluation.Prediction);
    }

    /// <summary>Moves by the errors pulled back.</summary>
    /// <param name="time">t.</param>
    /// <param name="isLast">Whether nothing moves any more after it.</param>
    public void Move(int time, bool isLast = false)
    {
        _inference.Advance(time, isLast);
        if (_vertex.IsRoot)
        {
            // Under a rule that sweeps: its error variable, which learning alone sees.
            Error.Span.CopyTo(_inference.PulledBack);
            TensorPrimitives.Negate(Displacement.Span, Error.Writable);
        }
        else if (!_rule.Sweeps)
        {
            _inference.PullBack(SumErrors());
        }
        else
        {
            // As they were summed when the sweep came back.
            _inference.PullBack(Arrivals.LastSum);
        }
        _rule.Move(_inference);
        // A vertex that rests from now on sends its moved value to nobody, and the one that it
        // has sent is still being read.
        if (Holds) MoveValue();
        else Hold();
    }

    /// <summary>The sum of the consumers' pull-backs, or the only one itself. Under a rule
    /// that sweeps it is a copy: it is read again when the next timestep has begun.</summary>
    public Tensor<T> SumErrors()
    {
        var sum = Arrivals.Sum(mayPassOn: !_rule.Sweeps);
        // A swept value that is clamped does not follow its prediction: what concerns that is its own energy alone.
        if (_rule.Sweeps) _clamp.Replace(sum.Writable, Error.Span);
        return sum;
    }

    /// <summary>Adds to the value.</summary>
    /// <param name="amounts">One for each element.</param>
    public void Displace(ReadOnlySpan<T> amounts)
    {
        TensorPrimitives.Add(Displacement.Span, amounts, Displacement.Writable);
        _inference.RenewValue();
        UpdateValue();
    }

    /// <summary>mu(t), and under a rule that sweeps the value with it.</summary>
    public void Predict()
    {
        Evaluation.Predict();
        if (_reuses) Evaluation.RenewPrediction();
        if (Holds || !Moves || _vertex.IsRoot) return;
        TensorPrimitives.Add(Evaluation.Prediction.Span, Displacement.Span, _inference.ValueTensor.Writable);
        Hold();
    }

    /// <summary>eps of a vertex with an energy; at the root, dL / dmu.</summary>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="time">t.</param>
    /// <param name="isLast">Whether nothing moves any more after it.</param>
    /// <param name="isStill">Whether values are still those of the last sweep, at which energies stay.</param>
    public Tensor<T> UpdateError(Loss loss, int time, bool isLast, bool isStill = false)
    {
        _inference.Advance(time, isLast);
        // Where nothing has moved the error is most likely the one that it was; but a rule may have moved more.
        var mayBeSame = _reuses && !_hasMoved;
        _hasMoved = false;
        if (mayBeSame && _vertex.IsRoot) return Error;
        if (mayBeSame) Error.Span.CopyTo(Before.Writable);
        if (_vertex.IsRoot)
        {
            if (!isStill) RootError(loss, Target!);
            if (isLast && _rule.Sweeps) TensorPrimitives.Negate(Displacement.Span, Error.Writable);
        }
        else if (_vertex.IsFree && !HasEnergy)
        {
            Error.Writable.Clear();
        }
        else
        {
            _inference.Predict(Evaluation.Prediction);
            _inference.LogPrecision = _vertex.Function is GaussianPrecision<T> ? Evaluation.Inputs[1] : null;
            _rule.UpdateError(_inference);
        }
        if (isStill) return Error;
        Energy = HasEnergy ? default(EnergySum).Add(_inference.Energies)
            : _vertex.IsRoot ? default(EnergySum).Add(SampleLosses)
            : default;
        if (!mayBeSame || !SameBits.In(Before.Span, Error.Span)) ChangeError();
        return Error;
    }

    /// <summary>The loss of the current prediction; the error becomes its gradient.</summary>
    public double RootError(Loss loss, ClampTarget<T> target) =>
        EvaluateLoss(loss, Evaluation.Prediction, target, Error);

    private void Begin(Tensor<T> prediction)
    {
        _hasMoved = true;
        _inference.Begin(prediction);
        if (!Moves || _vertex.IsRoot) return;
        _rule.Initialise(_inference);
        // The energy has set the value; adding a displacement of 0 would take the sign of a negative zero.
        if (!_rule.ForwardInitialisation) UpdateValue();
        _clamp.Begin(InitialPrediction.Span, Displacement.Writable, _inference.ValueTensor.Writable);
    }

    /// <summary>Takes the movement back where the value is clamped.</summary>
    private void Hold() => _clamp.Hold(
        (_rule.Sweeps ? Evaluation.Prediction : InitialPrediction).Span, Displacement.Writable,
        _inference.ValueTensor.Writable);

    private void UpdateValue() =>
        TensorPrimitives.Add(InitialPrediction.Span, Displacement.Span, _inference.ValueTensor.Writable);
}
