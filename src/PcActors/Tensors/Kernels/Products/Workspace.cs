using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PcActors.Tensors.Kernels.Products;

/// <summary>A thread's scratch memory: allocated once, pinned, aligned to cache lines.</summary>
internal sealed unsafe class Workspace
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static Workspace? _current;

    private readonly byte[] _panels = Allocate(PanelBytes);
    private byte[] _product = [];
    private byte[] _turned = [];
    private byte[] _columns = [];
    private byte[] _gathered = [];
    private byte[] _sums = [];

    /// <summary>Room for the packed block of B: well under half of a usual second-level cache.</summary>
    public const int PanelBytes = 512 * 1024;

    /// <summary>Room for one tile.</summary>
    public const int TileBytes = 4096;

    /// <summary>This thread's.</summary>
    public static Workspace Current => _current ??= new Workspace();

    /// <summary>The packed block of B.</summary>
    public byte* Panels => Align(_panels) + (2 * TileBytes);

    /// <summary>A tile on its way to C.</summary>
    public byte* Tile => Align(_panels);

    /// <summary>Its transpose.</summary>
    public byte* TurnedTile => Align(_panels) + TileBytes;

    /// <summary>Room for a product that is finished apart from C.</summary>
    public byte* Product(long bytes) => Room(ref _product, bytes);

    /// <summary>Room for a product that is turned when it is finished.</summary>
    public byte* Turned(long bytes) => Room(ref _turned, bytes);

    /// <summary>Room for the columns of a convolution.</summary>
    public byte* Columns(long bytes) => Room(ref _columns, bytes);

    /// <summary>Room for what a convolution gathers from several samples, or is about to
    /// share out among them.</summary>
    public byte* Gathered(long bytes) => Room(ref _gathered, bytes);

    /// <summary>Room for parts of sums, which are added up at the end.</summary>
    public byte* Sums(long bytes) => Room(ref _sums, bytes);

    private static byte* Room(ref byte[] room, long bytes)
    {
        if (room.Length < bytes + Alignment) room = Allocate(bytes);
        return Align(room);
    }

    private static byte[] Allocate(long bytes) =>
        GC.AllocateUninitializedArray<byte>(checked((int)(bytes + (2 * TileBytes) + Alignment)), pinned: true);

    private static byte* Align(byte[] pinned) =>
        (byte*)(((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + Alignment - 1) & -Alignment);
}
