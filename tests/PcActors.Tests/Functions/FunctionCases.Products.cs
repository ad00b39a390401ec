namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Products =>
    [
        new("MatMul", "2x3, 3x4"),
        new("MatMul", "1x1, 1x1"),
        new("MatMul", "3, 3"),
        new("MatMul", "3, 3x4"),
        new("MatMul", "2x3, 3"),
        new("MatMul", "3x300, 300x2"),
        // One product: leading axes of A, none of B's own.
        new("MatMul", "2x5x3, 3x4"),
        new("MatMul", "2x2x5x3, 3x4"),
        new("MatMul", "2x5x3, 3"),
        new("MatMul", "2x5x3, 1x3x4"),
        // Stacks, broadcast on either side or both.
        new("MatMul", "2x5x3, 2x3x4"),
        new("MatMul", "2x2x5x3, 2x2x3x4"),
        new("MatMul", "5x3, 2x3x4"),
        new("MatMul", "1x5x3, 2x3x4"),
        new("MatMul", "3, 2x3x4"),
        new("MatMul", "2x1x5x3, 3x3x4"),
        new("MatMul", "2x1x2x3, 1x3x3x2"),
        new("MatMul", "2x3x2x3, 3x3x2"),
        new("MatMul", "2x3x2x3, 2x1x3x2"),
        // Empty, in each extent.
        new("MatMul", "0x3, 3x4"),
        new("MatMul", "2x0, 0x4"),
        new("MatMul", "2x3, 3x0"),
        new("MatMul", "0x2x3, 0x3x4"),
        new("MatMul", "2x2x0, 2x0x3"),
        new("MatMul", "2x3, 0x3x4"),

        new("Gemm", "2x3, 3x4"),
        new("Gemm", "2x3, 3x4, 4"),
        new("Gemm", "2x3, 3x4, 2x4"),
        new("Gemm", "2x3, 3x4, 1x4"),
        new("Gemm", "2x3, 3x4, 2x1"),
        new("Gemm", "2x3, 3x4, 1"),
        new("Gemm", "2x3, 3x4, ()"),
        new("Gemm", "5x3, 3x1, 1"),
        new("Gemm", "3x2, 3x4, 4", "transA=1"),
        new("Gemm", "2x3, 4x3, 4", "transB=1"),
        new("Gemm", "3x2, 4x3, 4", "transA=1 transB=1"),
        new("Gemm", "2x3, 3x4, 4", "alpha=0.5"),
        new("Gemm", "2x3, 3x4, 4", "beta=-0.25"),
        new("Gemm", "2x3, 3x4, ()", "beta=-0.25"),
        new("Gemm", "3x2, 4x3, 2x1", "alpha=1.5 beta=0.75 transA=1 transB=1"),
        new("Gemm", "3x2, 4x3", "alpha=1.5 transA=1 transB=1"),
        new("Gemm", "0x3, 3x4, 4"),
        new("Gemm", "2x0, 0x4, 4"),
        new("Gemm", "2x0, 4x0, 2x1", "transB=1 beta=2.0"),

        new("Linear", "3, 3x4"),
        new("Linear", "3, 4x3, 4", "transW=1"),
        new("Linear", "2x3, 3x4, 4"),
        new("Linear", "2x3x5, 5x4"),
        new("Linear", "2x3x5, 5x4, 4"),
        new("Linear", "2x3x5, 4x5, 4", "transW=1"),
        new("Linear", "2x1x3x5, 1x5, 1", "transW=1"),
        new("Linear", "0x3x5, 5x4, 4"),
        new("Linear", "2x3x0, 0x4, 4"),
        new("Linear", "2x3x0, 4x0", "transW=1"),
        new("Linear", "2x3x5, 5x0, 0"),
    ];
}
