using System.Numerics;
using PcActors.Learning.Protocol;
using PcActors.Tensors;

namespace PcActors.Learning.Vertices;

/// <summary>What has come to a vertex on one micro-batch, of which timestep it is, and what is missing.</summary>
internal sealed class Arrivals<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shape _shape;
    private readonly bool _compares;
    private readonly Tensor<T>[] _inputs;
    private readonly PullBack<T>?[] _errors;
    private readonly int[] _errorTimes;
    private readonly int[] _inputTimes;
    private readonly bool[] _inputMoves;
    private readonly bool[] _inputLearns;
    private readonly bool[] _inputStays;
    private readonly Tensor<T>?[] _origins;
    private readonly Delayed<T>?[] _delayedInputs;
    private readonly Delayed<T>?[] _delayedErrors;
    private Tensor<T>? _sum;
    private int _summed;

    /// <summary>Nothing has come yet.</summary>
    /// <param name="vertex">The vertex.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="inputs">Where its inputs' values go, by slot.</param>
    /// <param name="errorEdges">Consumers whose errors come back.</param>
    /// <param name="compares">Whether it is looked at what has come with other bits than before.</param>
    public Arrivals(
        VertexDescription<T> vertex, LearningRule rule, Tensor<T>[] inputs, int errorEdges, bool compares)
    {
        (_shape, _inputs, _compares) = (vertex.Shape, inputs, compares);
        _errors = new PullBack<T>?[errorEdges];
        _errorTimes = new int[errorEdges];
        _inputTimes = new int[vertex.Inputs.Count];
        _inputMoves = [.. vertex.Inputs.Select(i => i.Moves)];
        _inputLearns = [.. vertex.Inputs.Select(i => !i.Moves && rule.LearnsEveryTimestep && i.Learns)];
        // Two senders' memory may have been written to since: a parameter's last but one, as soon as all who send it
        // errors have done so, and that of the value which all micro-batches had in common at first.
        _inputStays = [.. vertex.Inputs.Select(i => i.CarriesError && (i.DependsOnData || !i.Moves))];
        // What closes a cycle is 0 in the first sweep.
        _origins = [.. vertex.Inputs.Select(i => i.IsRecurrent ? new Tensor<T>(i.Shape) : null)];
        _delayedInputs = [.. vertex.Inputs.Select(i => IsDelayed(i.IsRecurrent, i.Shape))];
        _delayedErrors = [.. vertex.Consumers.Where(c => c.CarriesError)
            .Select(c => IsDelayed(c.IsRecurrent, vertex.Shape))];

        Delayed<T>? IsDelayed(bool isRecurrent, Shape shape) =>
            isRecurrent && rule.Sweeps ? new Delayed<T>(shape) : null;
    }

    /// <summary>Whether inference moves an input.</summary>
    public bool InputsMove => Array.IndexOf(_inputMoves, true) >= 0;

    /// <summary>Whether an input changes from one timestep to the next because parameters learn.</summary>
    public bool InputsLearn => Array.IndexOf(_inputLearns, true) >= 0;

    /// <summary>How often an input has come with other bits than before, if that is looked at.</summary>
    public int InputChanges { get; private set; }

    /// <summary>How often an error has.</summary>
    public int ErrorChanges { get; private set; }

    public void Reset()
    {
        InputChanges++;
        ErrorChanges++;
        foreach (var delayed in _delayedInputs) delayed?.Reset();
        foreach (var delayed in _delayedErrors) delayed?.Reset();
        _errors.AsSpan().Clear();
        _errorTimes.AsSpan().Fill(-1);
        for (var slot = 0; slot < _inputTimes.Length; slot++)
        {
            _inputTimes[slot] = _origins[slot] is null ? -1 : 0;
            _inputs[slot] = _origins[slot]!;
        }
    }

    /// <summary>Whether the value is new: a duplicate is not.</summary>
    public bool TakeInput(int slot, Tensor<T> value, int time)
    {
        if (_delayedInputs[slot] is { } delayed)
        {
            delayed.Take(new PullBack<T>(value, null), time);
            return true;
        }
        if (time <= _inputTimes[slot]) return false;
        _inputTimes[slot] = time;
        if (_compares && !ReferenceEquals(value, _inputs[slot])
            && !(_inputStays[slot] && value.IsAsBefore(_inputs[slot])))
            InputChanges++;
        _inputs[slot] = value;
        return true;
    }

    public void TakeError(int place, PullBack<T> error, int time)
    {
        if (_delayedErrors[place] is { } delayed)
        {
            delayed.Take(error, time);
            return;
        }
        if (time <= _errorTimes[place]) return;
        _errorTimes[place] = time;
        if (_compares && error.Whole?.IsAsBefore(_errors[place]?.Whole) != true) ErrorChanges++;
        _errors[place] = error;
    }

    /// <summary>Whether the errors of a time are there.</summary>
    /// <param name="time">When they act.</param>
    /// <param name="isLate">Whether what closes a cycle is used a timestep late; there is none yet at first.</param>
    public bool HasAllErrors(int time, bool isLate = false)
    {
        for (var place = 0; place < _errorTimes.Length; place++)
        {
            if (_delayedErrors[place] is { } delayed)
            {
                if (isLate) delayed.TurnTo(time - 1);
                else if (delayed.Time < time) return false;
                _errors[place] = new PullBack<T>(isLate ? delayed.Now : delayed.Last, null);
            }
            else if (_errorTimes[place] < time)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether all has come that is used a timestep late.</summary>
    /// <param name="time">t.</param>
    /// <param name="hasErrors">Whether errors are among it.</param>
    public bool HasAllDelayed(int time, bool hasErrors)
    {
        foreach (var delayed in _delayedInputs)
        {
            if (delayed?.Time < time) return false;
        }
        foreach (var delayed in _delayedErrors)
        {
            if (hasErrors && delayed?.Time < time + 1) return false;
        }
        return true;
    }

    /// <summary>Whether every input that moves is there at the time, and every other one is there at all.</summary>
    /// <param name="time">t.</param>
    /// <param name="hasLearnt">Whether parameters have learnt in this step, and so moved.</param>
    public bool HasAllInputs(int time, bool hasLearnt = false)
    {
        for (var slot = 0; slot < _inputTimes.Length; slot++)
        {
            if (_delayedInputs[slot] is { } delayed)
            {
                if (time > 0 && !delayed.TurnTo(time - 1)) return false;
                _inputs[slot] = delayed.Now;
            }
            else if (_inputTimes[slot] < (_inputMoves[slot] || (hasLearnt && _inputLearns[slot]) ? time : 0))
                return false;
        }
        return true;
    }

    /// <summary>What was summed last.</summary>
    public Tensor<T> LastSum => _sum ??= new Tensor<T>(_shape);

    /// <summary>The sum of the consumers' pull-backs.</summary>
    /// <param name="mayPassOn">Whether the only one may be given as it is; otherwise it is copied.</param>
    public Tensor<T> Sum(bool mayPassOn)
    {
        if (mayPassOn && _errors is [{ Whole: { } only }]) return only;
        var sum = LastSum;
        if (_errors.Length == 0) sum.Writable.Clear();
        else ErrorSum.Write<T>(_errors, sum);
        if (!_compares || _summed == ErrorChanges) return sum;
        _summed = ErrorChanges;
        return _sum = sum.Anew();
    }
}
