using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class TranspositionProperties
{
    [Fact]
    public void Every_element_finds_its_place_and_nothing_else_is_touched()
    {
        for (var rows = 0; rows < 20; rows++)
        {
            for (var columns = 0; columns < 40; columns++)
            {
                Check<float>(rows, columns);
                Check<double>(rows, columns);
            }
        }
    }

    private static unsafe void Check<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (sourceRow, destinationRow) = (columns + 3, rows + 2);
        var source = Enumerable.Range(1, rows * sourceRow).Select(T.CreateChecked).ToArray();
        var destination = new T[columns * destinationRow];
        fixed (T* from = source, to = destination) Transposition.Run(rows, columns, from, sourceRow, to,
            destinationRow);
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < destinationRow; i++)
                Assert.Equal(i < rows ? source[(i * sourceRow) + j] : T.Zero, destination[(j * destinationRow) + i]);
        }
    }
}
