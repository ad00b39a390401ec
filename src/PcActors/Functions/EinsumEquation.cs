using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>An equation of ONNX Einsum, such as <c>bij,bjk->bik</c>: a label for each axis of each
/// operand and of the result.</summary>
/// <remarks>Letters are labels, case matters, and spaces do not. <c>...</c> stands for axes without
/// a label of their own, aligned at their last. Without an arrow the result has those axes, then the letters that
/// appear once, in ordinal order.</remarks>
internal sealed class EinsumEquation
{
    /// <summary>What stands for axes without a label in a term.</summary>
    public const char Ellipsis = '.';

    /// <summary>Reads an equation.</summary>
    /// <exception cref="AttributeException">It is none.</exception>
    public EinsumEquation(string text)
    {
        Text = text;
        var sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length > 2) throw Wrong("has more than one arrow");
        Operands = [.. sides[0].Split(',').Select(Term)];
        var letters = Operands.SelectMany(term => term).Where(label => label != Ellipsis).ToList();
        Result = sides.Length == 2
            ? Term(sides[1])
            : [Ellipsis,
                .. letters.GroupBy(label => label).Where(group => group.Count() == 1).Select(group => group.Key)
                    .Order()];
        if (Result.Distinct().Count() != Result.Length) throw Wrong("has a label twice in its result");
        foreach (var label in Result)
        {
            if (label != Ellipsis && !letters.Contains(label))
                throw Wrong($"has the label '{label}' in its result alone");
        }
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The labels of each operand; <see cref="Ellipsis"/> for axes without one.</summary>
    public char[][] Operands { get; }

    /// <summary>The labels of the result.</summary>
    public char[] Result { get; }

    private char[] Term(string text)
    {
        var term = text.Replace("...", ".", StringComparison.Ordinal).ToCharArray();
        foreach (var label in term)
        {
            if (!char.IsAsciiLetter(label) && label != Ellipsis)
                throw Wrong($"has '{label}', where letters, commas, one arrow and '...' can be");
        }
        return term.Count(label => label == Ellipsis) <= 1 ? term : throw Wrong($"has '...' twice in one term");
    }

    private AttributeException Wrong(string how) => new($"equation is '{Text}', which {how}");
}

/// <summary>An equation for inputs of certain shapes: the extents of its labels, and how it and its
/// pull-backs are carried out.</summary>
internal sealed class EinsumPlan
{
    private readonly Shape[] _shapes;
    private readonly int _unlabelled;
    private readonly Dictionary<char, int> _numbers = [];
    private readonly int[] _extents;
    private readonly ContractionPullBack[] _pullBacks;

    /// <summary>Plans an equation.</summary>
    /// <exception cref="ShapeException">The shapes do not fit it.</exception>
    public EinsumPlan(EinsumEquation equation, ReadOnlySpan<Shape> shapes)
    {
        _shapes = shapes.ToArray();
        if (_shapes.Length != equation.Operands.Length)
            throw new ShapeException(
                $"there are {_shapes.Length} inputs for the equation '{equation.Text}', which has "
                + $"{equation.Operands.Length} terms");
        for (var i = 0; i < _shapes.Length; i++) _unlabelled = Math.Max(_unlabelled, Unlabelled(equation, i));
        // Axes without a label come first, so that they can be counted from their last.
        foreach (var label in equation.Operands.SelectMany(term => term)
            .Where(label => label != EinsumEquation.Ellipsis))
            _numbers.TryAdd(label, _unlabelled + _numbers.Count);
        _extents = [.. Enumerable.Repeat(1, _unlabelled + _numbers.Count)];
        var axes = equation.Operands.Select((term, i) => Numbers(term, _shapes[i].Rank - term.Length + 1)).ToArray();
        for (var i = 0; i < axes.Length; i++) Extend(equation, i, axes[i]);
        var views = axes.Select((labels, i) => View(i, labels)).ToArray();
        var result = Numbers(equation.Result, _unlabelled);
        Shape = new Shape([.. result.Select(label => _extents[label])]);
        Contraction = new Contraction(views, result, _extents);
        var error = LabelledView.Dense(result, _extents, LabelledView.Error);
        _pullBacks = [.. views.Select((view, i) =>
            new ContractionPullBack(view, [.. views.Where((_, other) => other != i), error], _extents,
                _shapes[i].Length))];
    }

    /// <summary>The result's shape.</summary>
    public Shape Shape { get; }

    /// <summary>How it is carried out.</summary>
    public Contraction Contraction { get; }

    /// <summary>How it is pulled back to an input.</summary>
    public ContractionPullBack PullBack(int input) => _pullBacks[input];

    /// <summary>Whether it is for inputs of these shapes.</summary>
    public bool IsFor<T>(ReadOnlySpan<Tensor<T>> inputs)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < _shapes.Length; i++)
        {
            if (!_shapes[i].Equals(inputs[i].Shape)) return false;
        }
        return true;
    }

    /// <summary>How many axes of an input have no label.</summary>
    private int Unlabelled(EinsumEquation equation, int input)
    {
        var term = equation.Operands[input];
        var rest = _shapes[input].Rank - term.Count(label => label != EinsumEquation.Ellipsis);
        if (rest == 0 || (rest > 0 && term.Contains(EinsumEquation.Ellipsis))) return rest;
        throw new ShapeException(
            $"its input {input} is {_shapes[input]}, which does not have the axes of its term in '{equation.Text}'");
    }

    /// <summary>The numbers of a term's labels, where the ellipsis stands for so many axes.</summary>
    private int[] Numbers(char[] term, int unlabelled) =>
        [.. term.SelectMany(
            label => label == EinsumEquation.Ellipsis
                ? Enumerable.Range(_unlabelled - unlabelled, unlabelled)
                : [_numbers[label]])];

    private void Extend(EinsumEquation equation, int input, int[] labels)
    {
        for (var axis = 0; axis < labels.Length; axis++)
        {
            var extent = _shapes[input][axis];
            ref var known = ref _extents[labels[axis]];
            if (known == 1) known = extent;
            else if (extent != 1 && extent != known)
                throw new ShapeException(
                    $"its input {input} is {_shapes[input]}; along axis {axis} its label in '{equation.Text}' has "
                    + $"the extent {known}");
        }
    }

    private LabelledView View(int input, int[] labels)
    {
        var strides = _shapes[input].Strides();
        int[] unique = [.. labels.Distinct()];
        return new LabelledView(input, unique, [.. unique.Select(label =>
            labels.Select((other, axis) => other == label && _shapes[input][axis] > 1 ? strides[axis] : 0).Sum())]);
    }
}
