using System.Numerics;
using PcActors.Functions;
using PcActors.Learning.Protocol;
using PcActors.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Vertices;

/// <summary>One vertex's function at work on one micro-batch: its inputs' values, its prediction, in a buffer that is
/// made once and used at every step, and its pull-backs, in rented ones or such.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Evaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VertexDescription<T> _vertex;
    private readonly Tensor<T>[] _inputs;
    // By slot; null where all are whole.
    private readonly Form[]? _forms;
    private Tensor<T>?[]? _pullBacks;
    private Tensor<T>?[]? _passed;
    private Tensor<T>? _prediction;
    private Tensor<T>? _viewed;
    private readonly bool _hasStatistics;
    private ElementaryFunction<T>? _drawn;
    private ElementaryFunction<T>? _use;

    /// <summary>Creates the buffers' owner.</summary>
    /// <param name="vertex">A function vertex, or a free leaf, whose prediction is 0.</param>
    /// <param name="factors">Whether pull-backs to what does not depend on data may travel factored.</param>
    /// <param name="buffers">What pull-backs are rented from; null for buffers of its own.</param>
    public Evaluation(VertexDescription<T> vertex, bool factors, BufferPool<T>? buffers = null)
    {
        (_vertex, Buffers) = (vertex, buffers);
        _drawn = vertex.Function;
        _inputs = new Tensor<T>[vertex.Inputs.Count];
        var forms = FormsOf(vertex, factors);
        _forms = Array.TrueForAll(forms, f => f == Form.Whole) ? null : forms;
        _hasStatistics = Array.IndexOf(forms, Form.Statistic) >= 0;
    }

    private enum Form : byte
    {
        Whole,
        Passed,
        Factored,
        Statistic,
    }

    /// <summary>The inputs' values, by slot.</summary>
    public Tensor<T>[] Inputs => _inputs;

    /// <summary>What pull-backs are rented from.</summary>
    public BufferPool<T>? Buffers { get; }

    /// <summary>mu at the inputs as they were at the last <see cref="Predict"/>.</summary>
    public Tensor<T> Prediction => _prediction!;

    /// <summary>Whether the prediction is a view of the input's value.</summary>
    public bool IsView => _vertex.Function?.IsView == true && !_vertex.IsLatent;

    /// <summary>Takes the function of an attempt at a step: another one in use than in training, where it has running
    /// statistics, and where it is one that is drawn, from the seed, the
    /// step, the micro-batch and the vertex's name, so that every attempt, rule and place draws the same.</summary>
    public void Draw(ulong seed, StepId step, int microBatch)
    {
        if (_hasStatistics)
        {
            _use ??= _vertex.Function!.ForUse;
            _drawn = step.IsPrediction || step.Infers ? _use : _vertex.Function;
        }
        if (_vertex.Function is not { IsDrawn: true } function) return;
        var place = ((ulong)step.Step << 24) ^ (ulong)(_vertex.DependsOnData ? microBatch : 0);
        _drawn = function.Drawn(
            step.IsPrediction
                ? null
                : new SeededRandom(seed, $"draws of {function.DrawnAs ?? _vertex.Name}", place).NextUInt64());
    }

    /// <summary>mu = g(inputs). A latent vertex reads it again in the next timestep, when its input may have moved
    /// already: it has a copy, where a direct one has a view.</summary>
    public Tensor<T> Predict()
    {
        // Not what is drawn: a view would be written over by the next draw that is none.
        if (_vertex.Function is null) return _prediction ??= new Tensor<T>(_vertex.Shape);
        if (IsView)
        {
            if (ReferenceEquals(_viewed, _inputs[0])) return _prediction!;
            return _prediction = View(_viewed = _inputs[0], _vertex.Shape);
        }
        _drawn!.Predict(_inputs, _prediction ??= new Tensor<T>(_vertex.Shape));
        return _prediction;
    }

    /// <summary>The prediction has moved: it is sent as another tensor than before.</summary>
    public void RenewPrediction()
    {
        if (!IsView) _prediction = _prediction!.Anew();
    }

    /// <summary>Takes over inputs and prediction from another micro-batch of a vertex that does
    /// not depend on data.</summary>
    public void Share(Evaluation<T> other)
    {
        other._inputs.CopyTo(_inputs, 0);
        _prediction = other._prediction;
        _drawn = other._drawn;
    }

    /// <summary>Whether the pull-back to an input is computed, and written to a buffer that stays.</summary>
    public bool KeepsPullBack(int slot) => Buffers is null && FormOf(slot) is Form.Whole or Form.Statistic;

    /// <summary>The pull-back of an error of zeros to an input, where it is 0 without being computed; null elsewhere.
    /// At the forward initialisation there are many such.</summary>
    public PullBack<T>? PullBackOfZero(int slot, Tensor<T> error)
    {
        if (FormOf(slot) != Form.Whole || !_drawn!.PullsZeroBackToZero(slot)
            || !(error.Length > 0 && TensorPrimitives.IsZeroAll(error.Span)))
            return null;
        for (var other = 0; other < _inputs.Length; other++)
        {
            if (other != slot && !(_inputs[other].Length > 0 && TensorPrimitives.IsFiniteAll(_inputs[other].Span)))
                return null;
        }
        var result = Kept(slot) ??= new Tensor<T>(_vertex.Inputs[slot].Shape);
        result.Writable.Clear();
        return new PullBack<T>(result, null);
    }

    /// <summary>(dmu / dx_slot)^T error, ready to be sent: with a hold on each rented tensor in it.</summary>
    public PullBack<T> PullBack(int slot, Tensor<T> error)
    {
        var shape = _vertex.Inputs[slot].Shape;
        var form = FormOf(slot);
        switch (form)
        {
            case Form.Factored:
                return Held(new PullBack<T>(null, _drawn!.Factor(slot, _inputs, error)));
            case Form.Passed:
                return Held(new PullBack<T>(Passed(slot, error, shape), null));
        }
        var result = Buffers?.Rent(shape) ?? (Kept(slot) ??= new Tensor<T>(shape));
        if (form == Form.Statistic) _drawn!.Statistic(slot, _inputs, result);
        else _drawn!.PullBack(slot, _inputs, _prediction!, error, result);
        return new PullBack<T>(result, null);
    }

    private Form FormOf(int slot) => _forms is { } forms ? forms[slot] : Form.Whole;

    private ref Tensor<T>? Kept(int slot) => ref (_pullBacks ??= new Tensor<T>?[_inputs.Length])[slot];

    /// <summary>The error itself, under the input's shape.</summary>
    private Tensor<T> Passed(int slot, Tensor<T> error, Shape shape)
    {
        if (error.Shape.Equals(shape)) return error;
        // A view of a tensor that stays is made once.
        if (error.IsRented) return error.Reshape(shape);
        ref var view = ref Kept(slot);
        ref var source = ref (_passed ??= new Tensor<T>?[_inputs.Length])[slot];
        if (!ReferenceEquals(source, error)) (source, view) = (error, error.Reshape(shape));
        return view!;
    }

    private static PullBack<T> Held(PullBack<T> pullBack)
    {
        pullBack.Hold();
        return pullBack;
    }

    private static Tensor<T> View(Tensor<T> tensor, Shape shape) =>
        tensor.Shape.Equals(shape) ? tensor : tensor.Reshape(shape);

    private static Form[] FormsOf(VertexDescription<T> vertex, bool factors)
    {
        var function = vertex.Function!;
        var shapes = vertex.Inputs.Select(i => i.Shape).ToArray();
        var forms = new Form[shapes.Length];
        for (var slot = 0; slot < forms.Length; slot++)
        {
            if (!vertex.Inputs[slot].CarriesError) continue;
            forms[slot] = function.RunningMomentum(slot) is not null ? Form.Statistic
                : function.PassesError(slot, shapes) ? Form.Passed
                : factors
                    && ErrorForm.IsFactored(function, slot, shapes,
                        vertex.Inputs[slot].DependsOnData || vertex.Inputs[slot].Moves)
                    ? Form.Factored
                : Form.Whole;
        }
        return forms;
    }
}
