using System.Numerics;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Vertices;

/// <summary>The inference of one vertex on one micro-batch: what has come in, and the rule's dynamics on it.</summary>
internal sealed class MicroBatchInference<T> : MicroBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexDescription<T> _vertex;
    private readonly LearningRule _rule;
    private readonly PullBack<T>?[] _errors;
    private readonly int[] _errorTimes;
    private readonly int[] _inputTimes;
    private readonly VertexInference<T> _inference;

    // Factors are views of their owners' buffers. When vertices keep moving, those change
    // before everybody has read them.
    public MicroBatchInference(VertexDescription<T> vertex, LearningRule rule, int errorEdges)
        : base(vertex, factors: rule.RestsBehindWave)
    {
        (_vertex, _rule) = (vertex, rule);
        _errors = new PullBack<T>?[errorEdges];
        _errorTimes = new int[errorEdges];
        _inputTimes = new int[vertex.Inputs.Count];
        Value = new Tensor<T>(vertex.Shape);
        _inference = new VertexInference<T>(vertex.Shape, rule.StateTensors);
        Reset();
    }

    public override Tensor<T> InitialPrediction => _inference.InitialPredictionTensor;

    /// <summary>x = mu(0) + d.</summary>
    public Tensor<T> Value { get; }

    /// <summary>d = x - mu(0).</summary>
    public Tensor<T> Displacement => _inference.DisplacementTensor;

    /// <summary>eps, as it stood when the vertex last acted.</summary>
    public Tensor<T> Error => _inference.ErrorTensor;

    public override void Reset()
    {
        base.Reset();
        _errors.AsSpan().Clear();
        _errorTimes.AsSpan().Fill(-1);
        _inputTimes.AsSpan().Fill(-1);
    }

    /// <summary>Whether the value is new: a duplicate is not.</summary>
    public bool TakeInput(int slot, Tensor<T> value, int time)
    {
        if (time <= _inputTimes[slot]) return false;
        _inputTimes[slot] = time;
        Evaluation.Inputs[slot] = value;
        return true;
    }

    public void TakeError(int place, PullBack<T> error, int time)
    {
        if (time <= _errorTimes[place]) return;
        _errorTimes[place] = time;
        _errors[place] = error;
    }

    public bool HasAllErrors(int time)
    {
        foreach (var arrived in _errorTimes)
        {
            if (arrived < time) return false;
        }
        return true;
    }

    /// <summary>Whether every input that moves is there at the time, and every other one is there at all.</summary>
    public bool HasAllInputs(int time)
    {
        for (var slot = 0; slot < _inputTimes.Length; slot++)
        {
            if (_inputTimes[slot] < (_vertex.Inputs[slot].Moves ? time : 0)) return false;
        }
        return true;
    }

    /// <summary>t = 0: mu(0), and x at it, or where the rule puts it.</summary>
    /// <param name="random">What the rule draws from in this step; null when it draws nothing.</param>
    public void Initialise(SeededRandom? random)
    {
        _inference.Begin(Evaluation.Predict(), random);
        // A copy: adding a displacement of 0 would take the sign of a negative zero.
        InitialPrediction.Span.CopyTo(Value.Writable);
        if (_vertex.IsRoot || !_vertex.RequiresError) return;
        _rule.Initialise(_inference);
        if (!_rule.ForwardInitialisation) UpdateValue();
    }

    /// <summary>Moves the value by the errors pulled back.</summary>
    public void Move(int time)
    {
        _inference.Advance(time);
        ErrorSum.Write<T>(_errors, _inference.PulledBackTensor);
        _rule.Move(_inference);
        // A vertex that rests from now on sends its moved value to nobody, and the one that it
        // has sent is still being read.
        if (!_rule.RestsBehindWave) UpdateValue();
    }

    /// <summary>Adds to the value.</summary>
    /// <param name="amounts">One for each element.</param>
    public void Displace(ReadOnlySpan<T> amounts)
    {
        TensorPrimitives.Add(Displacement.Span, amounts, Displacement.Writable);
        UpdateValue();
    }

    /// <summary>eps; at the root, dL / dmu.</summary>
    /// <param name="loss">Sets the root's error.</param>
    /// <param name="inputsMoved">Whether the prediction may differ from mu(0).</param>
    public Tensor<T> UpdateError(Loss loss, bool inputsMoved)
    {
        if (inputsMoved) Evaluation.Predict();
        if (_vertex.IsRoot)
        {
            RootError(loss, Target!);
            return Error;
        }
        _inference.Predict(Evaluation.Prediction);
        _rule.UpdateError(_inference);
        return Error;
    }

    /// <summary>The loss of the current prediction; the error becomes its gradient.</summary>
    public double RootError(Loss loss, ClampTarget<T> target) =>
        loss.Evaluate(Evaluation.Prediction, target.Target, target.BatchSize, Error);

    private void UpdateValue() => TensorPrimitives.Add(InitialPrediction.Span, Displacement.Span, Value.Writable);
}
