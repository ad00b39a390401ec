namespace PcActors.Functions;

/// <summary>An equation of ONNX Einsum, such as <c>bij,bjk->bik</c>: a label for each axis of each operand and of the result.</summary>
/// <remarks>Letters are labels, case matters, and spaces do not. <c>...</c> stands for axes without a label of their own, aligned
/// at their last. Without an arrow the result has those axes, then the letters that appear once, in ordinal order.</remarks>
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
            : [Ellipsis, .. letters.GroupBy(label => label).Where(group => group.Count() == 1).Select(group => group.Key).Order()];
        if (Result.Distinct().Count() != Result.Length) throw Wrong("has a label twice in its result");
        foreach (var label in Result)
        {
            if (label != Ellipsis && !letters.Contains(label)) throw Wrong($"has the label '{label}' in its result alone");
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
            if (!char.IsAsciiLetter(label) && label != Ellipsis) throw Wrong($"has '{label}', where letters, commas, one arrow and '...' can be");
        }
        return term.Count(label => label == Ellipsis) <= 1 ? term : throw Wrong($"has '...' twice in one term");
    }

    private AttributeException Wrong(string how) => new($"equation is '{Text}', which {how}");
}
