using System.Numerics;
using PcActors.Learning.Losses;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Vertices;

/// <summary>The inference dynamics of one vertex on one micro-batch, in displacement form.</summary>
/// <remarks>The state is d = x - mu(0). The error eps = mu - x is taken as (mu(t) - mu(0)) - d: while the inputs have not
/// moved, the bracket is exactly 0 and nothing cancels.</remarks>
internal sealed class MicroBatchInference<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexDescription<T> _vertex;
    private readonly LearningRule _rule;
    private readonly T _rate;
    private readonly PullBack<T>?[] _errors;
    private readonly int[] _errorTimes;
    private readonly int[] _inputTimes;
    private readonly Tensor<T> _sum;

    public MicroBatchInference(VertexDescription<T> vertex, LearningRule rule, int errorEdges)
    {
        (_vertex, _rule, _rate) = (vertex, rule, T.CreateChecked(rule.InferenceRate));
        // Factors are views of their owners' buffers. When vertices keep moving, those change before everybody has read them.
        Evaluation = new Evaluation<T>(vertex, factors: rule.RestsBehindWave);
        _errors = new PullBack<T>?[errorEdges];
        _errorTimes = new int[errorEdges];
        _inputTimes = new int[vertex.Inputs.Count];
        InitialPrediction = new Tensor<T>(vertex.Shape);
        Value = new Tensor<T>(vertex.Shape);
        Displacement = new Tensor<T>(vertex.Shape);
        Error = new Tensor<T>(vertex.Shape);
        _sum = new Tensor<T>(vertex.Shape);
        Reset();
    }

    public Evaluation<T> Evaluation { get; }

    /// <summary>mu(0).</summary>
    public Tensor<T> InitialPrediction { get; }

    /// <summary>x = mu(0) + d.</summary>
    public Tensor<T> Value { get; }

    /// <summary>d = x - mu(0).</summary>
    public Tensor<T> Displacement { get; }

    /// <summary>eps, as it stood when the vertex last acted.</summary>
    public Tensor<T> Error { get; }

    public ClampTarget<T>? Target { get; set; }

    public bool IsInitialised { get; private set; }

    public bool IsRequested { get; set; }

    public bool IsConcluded { get; set; }

    public void Reset()
    {
        Evaluation.Inputs.AsSpan().Clear();
        _errors.AsSpan().Clear();
        _errorTimes.AsSpan().Fill(-1);
        _inputTimes.AsSpan().Fill(-1);
        Target = null;
        IsInitialised = IsRequested = IsConcluded = false;
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

    /// <summary>t = 0: mu(0), and x at it.</summary>
    /// <param name="noise">Where C1 is left out, how far x lies from its prediction.</param>
    public void Initialise(SeededRandom? noise)
    {
        IsInitialised = true;
        Evaluation.Predict().Span.CopyTo(InitialPrediction.Writable);
        Displacement.Writable.Clear();
        Error.Writable.Clear();
        if (noise is null || _vertex.IsRoot || !_vertex.RequiresError)
        {
            // A copy: adding a displacement of 0 would take the sign of a negative zero.
            InitialPrediction.Span.CopyTo(Value.Writable);
            return;
        }
        foreach (ref var d in Displacement.Writable) d = T.CreateChecked(_rule.InitialNoise * noise.NextGaussian());
        UpdateValue();
    }

    /// <summary>d = d + gamma (eps - sum of the pull-backs).</summary>
    public void Move()
    {
        ErrorSum.Write<T>(_errors, _sum);
        var step = _sum.Writable;
        TensorPrimitives.Subtract(Error.Span, step, step);
        TensorPrimitives.FusedMultiplyAdd(step, _rate, Displacement.Span, Displacement.Writable);
        // A vertex that rests from now on sends its moved value to nobody, and the one that it has sent is still being read.
        if (!_rule.RestsBehindWave) UpdateValue();
    }

    /// <summary>Adds to the value.</summary>
    /// <param name="amounts">One for each element.</param>
    public void Displace(ReadOnlySpan<T> amounts)
    {
        TensorPrimitives.Add(Displacement.Span, amounts, Displacement.Writable);
        UpdateValue();
    }

    /// <summary>eps = (mu(t) - mu(0)) - d; at the root, dL / dmu.</summary>
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
        var eps = Error.Writable;
        TensorPrimitives.Subtract(Evaluation.Prediction.Span, InitialPrediction.Span, eps);
        TensorPrimitives.Subtract(eps, Displacement.Span, eps);
        return Error;
    }

    /// <summary>The loss of the current prediction; the error becomes its gradient.</summary>
    public double RootError(Loss loss, ClampTarget<T> target) =>
        loss.Evaluate(Evaluation.Prediction, target.Target, target.BatchSize, Error);

    private void UpdateValue() => TensorPrimitives.Add(InitialPrediction.Span, Displacement.Span, Value.Writable);
}
