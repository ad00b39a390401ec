using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>How the columns of a block of B are cut into panels of one to three registers,
/// of widths as equal as can be. The last panel ends where the columns end: where it overlaps the one before, both
/// compute the same bits.</summary>
internal readonly struct Panels
{
    private readonly int _columns;
    private readonly int _lanes;
    private readonly int _narrow;
    private readonly int _wide;

    /// <summary>Cuts <paramref name="columns"/> &gt; 0 into panels for registers of <paramref name="lanes"/>
    /// elements.</summary>
    public Panels(int columns, int lanes, int maxVectors)
    {
        var vectors = ((columns - 1) / lanes) + 1;
        _columns = columns;
        _lanes = lanes;
        Count = ((vectors - 1) / maxVectors) + 1;
        if (Count == 1 && vectors > 1 && vectors * lanes > columns) Count = 2;
        _narrow = vectors / Count;
        _wide = vectors % Count;
    }

    /// <summary>Number of panels.</summary>
    public int Count { get; }

    /// <summary>Whether a register is wider than all the columns.</summary>
    public bool IsPadded => _lanes > _columns;

    /// <summary>Registers in a row of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Vectors(int panel) => panel < _wide ? _narrow + 1 : _narrow;

    /// <summary>The first column in a panel's registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Start(int panel) =>
        panel == Count - 1 && !IsPadded ? _columns - (_narrow * _lanes) : Begin(panel);

    /// <summary>The first column that no panel before has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Begin(int panel) => ((panel * _narrow) + Math.Min(panel, _wide)) * _lanes;

    /// <summary>The end of a panel's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int End(int panel) => panel == Count - 1 ? _columns : Begin(panel + 1);
}

/// <summary>Copies a panel of B so that its rows follow one another.</summary>
internal static unsafe class Packing<T, TVector, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // Rows of A from which on adjacent rows of B make up for the time it takes to pack them.
    private const int ManyRows = 128;

    /// <summary>Whether a block of B is packed, or read where it lies.</summary>
    public static bool Pays(int rows, int columns, nint bColumn) =>
        bColumn != 1 || columns < TLanes.Count || rows >= ManyRows;

    /// <summary>Packs all panels of a block.</summary>
    public static void Run(in Panels panels, int k, int columns, T* b, nint bRow, nint bColumn, T* packed)
    {
        for (var panel = 0; panel < panels.Count; panel++)
        {
            var first = panels.Start(panel);
            var vectors = panels.Vectors(panel);
            Panel(k, columns - first, vectors, b + (first * bColumn), bRow, bColumn, packed);
            packed += vectors * TLanes.Count * k;
        }
    }

    /// <summary>Packs a panel of <paramref name="vectors"/> registers a row; columns beyond <paramref name="columns"/>
    /// become zeros.</summary>
    private static void Panel(int k, int columns, int vectors, T* b, nint bRow, nint bColumn, T* panel)
    {
        var width = vectors * TLanes.Count;
        if (bColumn == 1) Rows(k, Math.Min(columns, width), vectors, b, bRow, panel);
        else
        {
            columns = Math.Min(columns, width);
            if (columns < width) new Span<T>(panel, k * width).Clear();
            if (bRow == 1) Transposition.Run(columns, k, b, bColumn, panel, width);
            else Elements(k, columns, b, bRow, bColumn, panel, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(int k, int columns, int vectors, T* b, nint bRow, T* panel)
    {
        var width = vectors * TLanes.Count;
        if (columns == width && vectors == 3)
        {
            for (; k > 0; k--)
            {
                var row0 = TLanes.Load(b);
                var row1 = TLanes.Load(b + TLanes.Count);
                var row2 = TLanes.Load(b + (2 * TLanes.Count));
                TLanes.Store(row0, panel);
                TLanes.Store(row1, panel + TLanes.Count);
                TLanes.Store(row2, panel + (2 * TLanes.Count));
                b += bRow;
                panel += width;
            }
            return;
        }
        // All but the last register are full.
        var last = width - TLanes.Count;
        for (; k > 0; k--)
        {
            for (var j = 0; j < last; j += TLanes.Count) TLanes.Store(TLanes.Load(b + j), panel + j);
            TLanes.Store(TLanes.LoadFirst(b + last, columns - last), panel + last);
            b += bRow;
            panel += width;
        }
    }

    private static void Elements(int k, int columns, T* b, nint bRow, nint bColumn, T* panel, int width)
    {
        for (var p = 0; p < k; p++)
        {
            for (var j = 0; j < columns; j++) panel[(p * width) + j] = b[(p * bRow) + (j * bColumn)];
        }
    }
}
