using System.Numerics;
using PcActors.Functions;
using PcActors.Learning.Protocol;

namespace PcActors.Cluster.Wire;

/// <summary>Values and errors.</summary>
internal static class NeighbourWire<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static IReadOnlyList<WireEntry> Entries { get; } =
    [
        WireEntry.Of<ValueMessage<T>, Schema.Value>(
            "value",
            Schema.Value.Parser,
            m => new() { Step = StepWire.Write(m.Step), MicroBatch = m.MicroBatch, Time = m.Time, Edge = m.Edge, Value_ = TensorWire.Write(m.Value) },
            w => new(StepWire.Read(w.Step), w.MicroBatch, w.Time, w.Edge, TensorWire.Read<T>(w.Value_))),
        WireEntry.Of<ErrorMessage<T>, Schema.Error>(
            "error",
            Schema.Error.Parser,
            Write,
            w => new(StepWire.Read(w.Step), w.MicroBatch, w.Time, w.Edge, Read(w))),
    ];

    private static Schema.Error Write(ErrorMessage<T> message)
    {
        var written = new Schema.Error
        {
            Step = StepWire.Write(message.Step),
            MicroBatch = message.MicroBatch,
            Time = message.Time,
            Edge = message.Edge,
        };
        if (message.Error.Whole is { } whole) written.Whole = TensorWire.Write(whole);
        else if (message.Error.Factors is { } factors) written.Factors = Write(factors);
        else written.Sum = Write(message.Error.Sum!);
        return written;
    }

    private static PullBack<T> Read(Schema.Error written) => written.PullBackCase switch
    {
        Schema.Error.PullBackOneofCase.Whole => new(TensorWire.Read<T>(written.Whole), null),
        Schema.Error.PullBackOneofCase.Factors => new(null, Read(written.Factors)),
        Schema.Error.PullBackOneofCase.Sum => new(null, null, Read(written.Sum)),
        _ => throw new WireException("an error without a pull-back"),
    };

    private static Schema.FactoredProduct Write(FactoredProduct<T> product)
    {
        var written = new Schema.FactoredProduct
        {
            Left = TensorWire.Write(product.Left),
            LeftRows = product.LeftRows,
            TransposeLeft = product.TransposeLeft,
            Right = TensorWire.Write(product.Right),
            RightRows = product.RightRows,
            TransposeRight = product.TransposeRight,
        };
        TensorWire.Write(product.Shape, written.Dimensions);
        return written;
    }

    private static FactoredProduct<T> Read(Schema.FactoredProduct? written)
    {
        if (written is null) throw new WireException("a product is missing");
        var product = new FactoredProduct<T>(
            TensorWire.Read<T>(written.Left), written.LeftRows, written.TransposeLeft,
            TensorWire.Read<T>(written.Right), written.RightRows, written.TransposeRight, TensorWire.Read(written.Dimensions));
        // Factors that do not fit would make the product read or write beyond an end.
        var (m, k) = Extents(product.Left.Length, product.LeftRows, product.TransposeLeft);
        var (depth, n) = Extents(product.Right.Length, product.RightRows, product.TransposeRight);
        if (k != depth || (long)m * n != product.Shape.Length)
            throw new WireException($"factors [{m}, {k}] and [{depth}, {n}] have no product of shape {product.Shape}");
        return product;
    }

    private static (int Rows, int Columns) Extents(int length, int rows, bool transposed)
    {
        if (rows < 0 || (rows == 0 ? length != 0 : length % rows != 0)) throw new WireException($"{length} elements have no {rows} rows");
        var columns = rows == 0 ? 0 : length / rows;
        return transposed ? (columns, rows) : (rows, columns);
    }

    private static Schema.FactoredSum Write(FactoredSum<T> sum)
    {
        var written = new Schema.FactoredSum();
        var (start, terms) = sum.Parts();
        if (start is not null) written.Start = TensorWire.Write(start);
        foreach (var term in terms) written.Terms.Add(Write(term));
        return written;
    }

    private static FactoredSum<T> Read(Schema.FactoredSum written)
    {
        if (written.Terms.Count is 0 or > FactoredSum<T>.MaxTerms) throw new WireException($"a sum of {written.Terms.Count} products");
        var start = written.Start is null ? null : TensorWire.Read<T>(written.Start);
        FactoredProduct<T>[] terms = [.. written.Terms.Select(Read)];
        if (terms.Any(t => !t.Shape.Equals(terms[0].Shape)) || (start is not null && !start.Shape.Equals(terms[0].Shape)))
            throw new WireException("a sum of terms of different shapes");
        return FactoredSum<T>.Of(start, terms);
    }
}
