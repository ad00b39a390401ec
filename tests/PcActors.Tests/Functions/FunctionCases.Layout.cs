namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Layout =>
    [
        new("Identity", "2x3"),
        new("Identity", "()"),

        new("Reshape", "2x3x4", "shape=[4,6]"),
        new("Reshape", "2x3x4", "shape=[0,-1]"),
        new("Reshape", "2x3x4", "shape=[-1]"),
        new("Reshape", "2x3x4", "shape=[2,0,2,2]"),
        new("Reshape", "1x1", "shape=[]"),
        new("Reshape", "0x3", "shape=[3,0] allowzero=1"),

        new("Flatten", "2x3x4"),
        new("Flatten", "2x3x4", "axis=0"),
        new("Flatten", "2x3x4", "axis=2"),
        new("Flatten", "2x3x4", "axis=3"),
        new("Flatten", "2x3x4", "axis=-1"),
        new("Flatten", "5"),
        new("Flatten", "()", "axis=0"),

        new("Transpose", "2x3"),
        new("Transpose", "()"),
        new("Transpose", "5"),
        new("Transpose", "2x3x4"),
        new("Transpose", "0x3"),
        new("Transpose", "17x35"),
        new("Transpose", "2x33x5", "perm=[0,2,1]"),
        new("Transpose", "2x3x4", "perm=[0,2,1]"),
        new("Transpose", "2x3x4", "perm=[1,0,2]"),
        new("Transpose", "2x3x4", "perm=[2,0,1]"),
        new("Transpose", "2x3x4", "perm=[0,1,2]"),
        new("Transpose", "2x3x2x5", "perm=[0,2,1,3]"),
        new("Transpose", "2x3x2x5", "perm=[3,1,0,2]"),
        new("Transpose", "1x3x1x5", "perm=[2,3,0,1]"),

        new("Concat", "2x3, 2x3", "axis=0"),
        new("Concat", "2x3, 2x1, 2x2", "axis=1"),
        new("Concat", "2x3, 2x1, 2x2", "axis=-1"),
        new("Concat", "2x1x3, 2x4x3", "axis=1"),
        new("Concat", "2x3", "axis=1"),
        new("Concat", "2x0, 2x3, 2x0", "axis=1"),
        new("Concat", "0x2, 0x3", "axis=1"),
        new("Concat", "1, 1, 1, 1, 1", "axis=0"),

        new("Slice", "5", "starts=[1] ends=[4]"),
        new("Slice", "3x5", "starts=[1,0] ends=[3,4]"),
        new("Slice", "3x5", "starts=[1] ends=[4] axes=[-1]"),
        new("Slice", "3x5", "starts=[0,1] ends=[-1,1000]"),
        new("Slice", "7", "starts=[0] ends=[7] steps=[3]"),
        new("Slice", "7", "starts=[-1] ends=[-1000] steps=[-1]"),
        new("Slice", "7", "starts=[5] ends=[0] steps=[-2]"),
        new("Slice", "3x4x5", "starts=[10,-2] ends=[-10,3] axes=[0,2] steps=[-2,1]"),
        new("Slice", "3x4x5", "starts=[3,1] ends=[0,5] axes=[-2,-1] steps=[-1,2]"),
        new("Slice", "5", "starts=[3] ends=[2]"),
        new("Slice", "5", "starts=[0] ends=[9223372036854775807] steps=[9223372036854775807]"),
        new("Slice", "5", "starts=[9223372036854775807] ends=[-9223372036854775808] steps=[-9223372036854775808]"),
        new("Slice", "0x3", "starts=[0] ends=[4]"),
    ];
}
