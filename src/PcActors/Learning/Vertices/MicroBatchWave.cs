using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What a vertex under the wavefront clock holds for one micro-batch in flight.</summary>
/// <param name="vertex">The vertex.</param>
/// <param name="errorEdges">Consumers whose errors come back.</param>
internal sealed class MicroBatchWave<T>(VertexDescription<T> vertex, int errorEdges)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PullBack<T>?[] _errors = errorEdges == 0 ? [] : new PullBack<T>?[errorEdges];
    private int _missingInputs = vertex.Inputs.Count;
    private int _missingErrors = errorEdges;
    private Tensor<T>? _error;

    public Evaluation<T> Evaluation { get; } = new(vertex, factors: true);

    public bool IsPredicted { get; set; }

    public bool IsRequested { get; set; }

    public bool IsConcluded { get; set; }

    public ClampTarget<T>? Target { get; set; }

    public void Reset()
    {
        Evaluation.Inputs.AsSpan().Clear();
        _errors.AsSpan().Clear();
        _missingInputs = Evaluation.Inputs.Length;
        _missingErrors = _errors.Length;
        IsPredicted = IsRequested = IsConcluded = false;
        Target = null;
    }

    /// <summary>Whether this value was the last one missing.</summary>
    public bool TakeInput(int slot, Tensor<T> value)
    {
        if (Evaluation.Inputs[slot] is not null) return false;
        Evaluation.Inputs[slot] = value;
        return --_missingInputs == 0;
    }

    /// <summary>Whether this error was the last one missing.</summary>
    public bool TakeError(int place, PullBack<T> error)
    {
        if (_errors[place] is not null) return false;
        _errors[place] = error;
        return --_missingErrors == 0;
    }

    /// <summary>eps as a sum that the receiver carries out; null when it is better carried out here.</summary>
    public PullBack<T>? JoinErrors() => FactoredSum<T>.Join(_errors);

    public Tensor<T> ErrorBuffer(Shape shape) => _error ??= new Tensor<T>(shape);

    /// <summary>eps: the sum of the pull-backs, or the only one itself.</summary>
    public Tensor<T> SumErrors(Shape shape)
    {
        if (_errors is [{ Whole: { } only }]) return only;
        var sum = ErrorBuffer(shape);
        ErrorSum.Write<T>(_errors, sum);
        return sum;
    }
}
