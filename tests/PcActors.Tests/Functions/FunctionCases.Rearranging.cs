namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Rearranging =>
    [
        new("Expand", "3x1", "shape=[3,4]"),
        new("Expand", "3x1", "shape=[2,1,6]"),
        new("Expand", "3", "shape=[1]"),
        new("Expand", "3", "shape=[2,3]"),
        new("Expand", "()", "shape=[2,3]"),
        new("Expand", "2x1x2x1", "shape=[3,1,4]"),
        new("Expand", "1x3", "shape=[0,1]"),
        new("Expand", "2x1", "shape=[2,600]"),

        new("Tile", "2x3", "repeats=[2,2]"),
        new("Tile", "3", "repeats=[4]"),
        new("Tile", "2x3", "repeats=[1,1]"),
        new("Tile", "2x1x3", "repeats=[1,5,1]"),
        new("Tile", "2x3x4", "repeats=[3,1,2]"),
        new("Tile", "2x3", "repeats=[0,2]"),
        new("Tile", "()", "repeats=[]"),

        new("Pad", "3x2", "pads=[0,2,0,0]"),
        new("Pad", "3x2, ()", "pads=[0,2,0,0] mode=constant"),
        new("Pad", "3x2", "pads=[1,1,1,1] value=1.5"),
        new("Pad", "3x2x4, ()", "pads=[1,-1,2,-1,2,-3]"),
        new("Pad", "3x2x4, ()", "pads=[1,2] axes=[1]"),
        new("Pad", "3x2x4, 1", "pads=[1,2,0,-1] axes=[-1,0]"),
        new("Pad", "3x4", "pads=[1,2,2,3] mode=edge"),
        new("Pad", "3x4", "pads=[1,2,2,3] mode=reflect"),
        new("Pad", "3x4", "pads=[1,2,2,3] mode=wrap"),
        new("Pad", "3", "pads=[7,8] mode=reflect"),
        new("Pad", "3", "pads=[7,8] mode=wrap"),
        new("Pad", "5", "pads=[-1,2] mode=reflect"),
        new("Pad", "5", "pads=[2,-2] mode=wrap"),
        new("Pad", "5", "pads=[-1,2] mode=edge"),
        new("Pad", "1x3", "pads=[2,0,1,0] mode=reflect"),
        new("Pad", "()", "pads=[]"),
        new("Pad", "0x2, ()", "pads=[1,0,1,1]"),
        new("Pad", "2x0, ()", "pads=[0,1,0,1]"),
        new("Pad", "3, ()", "pads=[-1,-2]"),

        new("Trilu", "3x4"),
        new("Trilu", "4x3", "upper=0"),
        new("Trilu", "2x3x3", "k=1"),
        new("Trilu", "2x3x3", "k=-1 upper=0"),
        new("Trilu", "3x4", "k=9"),
        new("Trilu", "3x4", "k=9 upper=0"),
        new("Trilu", "3x4", "k=-9"),
        new("Trilu", "3x0", "k=1"),

        new("EyeLike", "3x4"),
        new("EyeLike", "3x4", "k=-1 dtype=float"),

        new("Squeeze", "1x3x1"),
        new("Squeeze", "1x3x1", "axes=[-1]"),
        new("Squeeze", "1x1", "axes=[1,0]"),
        new("Unsqueeze", "3x4", "axes=[0,-1]"),
        new("Unsqueeze", "()", "axes=[0]"),
        new("Unsqueeze", "0x3", "axes=[1]"),

        new("DepthToSpace", "2x8x2x3", "blocksize=2"),
        new("DepthToSpace", "2x8x2x3", "blocksize=2 mode=CRD"),
        new("DepthToSpace", "1x9x1x1", "blocksize=3 mode=DCR"),
        new("DepthToSpace", "0x4x2x2", "blocksize=2"),
        new("SpaceToDepth", "2x2x4x6", "blocksize=2"),
        new("SpaceToDepth", "1x1x3x3", "blocksize=3"),
    ];
}
