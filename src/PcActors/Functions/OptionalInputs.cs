namespace PcActors.Functions;

/// <summary>Which of an operator's inputs are there, when optional ones before the last may be left out.</summary>
/// <remarks>Attribute: absent, the positions, in ONNX's list of inputs, of those that are left out. The function's own inputs
/// are the others, in order.</remarks>
internal sealed class OptionalInputs
{
    private readonly int[] _positions;

    /// <summary>The inputs of an operator that takes so many at the most.</summary>
    /// <param name="attributes">The operator's attributes.</param>
    /// <param name="required">How many come first and must be there.</param>
    /// <param name="most">How many there are with all optional ones.</param>
    /// <exception cref="AttributeException">A position is not that of an optional input.</exception>
    public OptionalInputs(Attributes attributes, int required, int most)
    {
        var absent = attributes.Integers("absent") ?? [];
        if (absent.Any(position => position < required || position >= most))
        {
            throw new AttributeException(
                $"absent is [{string.Join(", ", absent)}]; optional are the inputs {required} to {most - 1}");
        }
        _positions = [.. Enumerable.Range(0, most).Where(position => !absent.Contains(position))];
    }

    /// <summary>How many inputs there can be.</summary>
    public int Most => _positions.Length;

    /// <summary>The position in ONNX's list of an input of the function.</summary>
    public int PositionOf(int input) => _positions[input];

    /// <summary>The function's input at a position in ONNX's list, or -1 when it is not there.</summary>
    /// <param name="position">The position.</param>
    /// <param name="count">How many inputs the function has.</param>
    public int InputAt(int position, int count)
    {
        var input = Array.IndexOf(_positions, position);
        return input < count ? input : -1;
    }
}
