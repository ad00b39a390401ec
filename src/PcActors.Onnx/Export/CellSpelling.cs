using System.Numerics;
using PcActors.Functions;
using PcActors.Graphs;

namespace PcActors.Onnx.Export;

/// <summary>The operators of which the parts of recurrent cells are made.</summary>
/// <remarks>The gates of an LSTM are joined and taken apart again: read, they are the same function, with the same
/// bits, but not again the parts of a cell.</remarks>
internal static class CellSpelling
{
    private const int LstmGates = 4;
    private const int GruProducts = 3;
    private const int GruGates = 2;

    /// <summary>Whether a function is a part of a cell.</summary>
    public static bool Knows(string operatorType) => operatorType is LstmCellOperators.Gates or LstmCellOperators.State
        or LstmCellOperators.Output or GruCellOperators.Gates or GruCellOperators.Candidate or GruCellOperators.State;

    /// <summary>Applies its operators.</summary>
    public static Node<T> Apply<T>(Spelling<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (part.Operator)
        {
            case GruCellOperators.Gates:
                var sum = Apply(part, "sum", "Add", Blocks(part, 0, GruProducts, 0, 2),
                    Blocks(part, 1, GruProducts, 0, 2));
                return part.Last("Sigmoid", Attributes.Empty, sum);
            case GruCellOperators.Candidate:
                var reset = Apply(part, "reset", "Mul", Blocks(part, 0, GruGates, IsUpdateFirst(part) ? 1 : 0),
                    Blocks(part, 2, GruProducts, 2));
                return part.Last("Tanh", Attributes.Empty,
                    Apply(part, "sum", "Add", Blocks(part, 1, GruProducts, 2), reset));
            case GruCellOperators.State:
                return GruState(part, Blocks(part, 0, GruGates, IsUpdateFirst(part) ? 0 : 1));
            default:
                return Lstm(part, new GateOrder(part.Attributes.Text(GateOrder.Attribute, "")));
        }
    }

    private static Node<T> GruState<T>(Spelling<T> part, Node<T> update)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (candidate, before) = (part.Inputs[1], part.Inputs[2]);
        if (part.Attributes.Text(GruCellOperators.Form, GruCellOperators.Difference) == GruCellOperators.Difference)
            return part.Last("Add", Attributes.Empty, candidate,
                Apply(part, "kept", "Mul", update, Apply(part, "difference", "Sub", before, candidate)));
        var rest = Apply(part, "rest", "Sub", part.Number("one", 1), update);
        return part.Last("Add", Attributes.Empty, Apply(part, "added", "Mul", rest, candidate),
            Apply(part, "kept", "Mul", update, before));
    }

    private static bool IsUpdateFirst<T>(Spelling<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        part.Attributes.Text(GruCellOperators.Order, GruCellOperators.UpdateFirst) == GruCellOperators.UpdateFirst;

    private static Node<T> Lstm<T>(Spelling<T> part, GateOrder order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (part.Operator)
        {
            case LstmCellOperators.State:
                var kept = Apply(part, "kept", "Mul", Blocks(part, 0, LstmGates, order.Forget), part.Inputs[1]);
                var added = Apply(part, "added", "Mul", Blocks(part, 0, LstmGates, order.Input),
                    Blocks(part, 0, LstmGates, order.Candidate));
                return part.Last("Add", Attributes.Empty, kept, added);
            case LstmCellOperators.Output:
                return part.Last("Mul", Attributes.Empty, Blocks(part, 0, LstmGates, order.Output),
                    Apply(part, "activation", "Tanh", part.Inputs[1]));
            default:
                var gates = order.Text.Select((letter, block) => Apply(part, $"{letter}",
                    letter == 'c' ? "Tanh" : "Sigmoid", Blocks(part, 0, LstmGates, block)));
                return part.Last("Concat", Attributes.Of(("axis", -1)), [.. gates]);
        }
    }

    private static Node<T> Apply<T>(Spelling<T> part, string name, string operatorType, params Node<T>[] read)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part.Part(name, operatorType, Attributes.Empty, read);

    /// <summary>Blocks of the last axis of what the part reads.</summary>
    private static Node<T> Blocks<T>(Spelling<T> part, int input, int blocks, int first, int count = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var whole = part.Inputs[input];
        var units = whole.Shape[-1] / blocks;
        return part.Part($"{input}/{first}", "Slice", Attributes.Of(("starts", new[] { first * units }),
            ("ends", new[] { (first + count) * units }), ("axes", new[] { whole.Shape.Rank - 1 })), whole);
    }
}
