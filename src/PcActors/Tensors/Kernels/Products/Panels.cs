using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>How the columns of a block of B are cut into panels of one to three registers, of widths as equal as can be.
/// The last panel ends where the columns end: where it overlaps the one before, both compute the same bits.</summary>
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
