namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Contractions =>
    [
        Einsum("2x3, 3x4", "ij,jk->ik"),
        Einsum("2x3, 3x4", "ij,jk"),
        Einsum("2x3, 4x3", "ij,kj->ki"),
        Einsum("3x2, 3x4", "ij,ik->jk"),
        Einsum("2x3", "ij->ji"),
        Einsum("2x3", "ij->"),
        Einsum("2x3", "ij->j"),
        Einsum("2x3", "ba"),
        Einsum("3x3", "ii->i"),
        Einsum("3x3", "ii"),
        Einsum("2x3x3", "bii->b"),
        Einsum("3x3x3", "iii->i"),
        Einsum("2x3x3x4", "...iij->...i"),
        Einsum("5, 5", "i,i->"),
        Einsum("5, 5", "i,i->i"),
        Einsum("3, 4", "i,j->ij"),
        Einsum("3, 4", "i,j->ji"),
        Einsum("2x3x4, 2x4x5", "bij,bjk->bik"),
        Einsum("2x3x4, 2x5x4", "bij,bkj->bik"),
        Einsum("2x3x4x5, 2x6x4x5", "bqhd,bkhd->bhqk"),
        Einsum("2x1x3x4, 5x4x2", "...ij,...jk->...ik"),
        Einsum("2x3x4, 4x2", "...ij,jk"),
        Einsum("2x3x4, 3x1", "...ij,ij->...i"),
        Einsum("3x4, 4x5, 5x2", "ij,jk,kl->il"),
        Einsum("3x4, 4, 3x3", "ij,j,ii->i"),
        Einsum("2x3, 2x4, 5x3x4", "bn,bm,anm->ba"),
        Einsum("2x3, 4x5", "ij,kl->"),
        Einsum("2x3, 4x5", "ij,kl->li"),
        Einsum("(), 3", ",i->i"),
        Einsum("()", "->"),
        Einsum("2x1, 3x4", "ij,jk->ik"),
        Einsum("2x3x4", "...j->..."),
        Einsum("2x3x4", "...j->j"),
        Einsum("0x3, 3x2", "ij,jk->ik"),
        Einsum("2x0, 0x3", "ij,jk->ik"),
        Einsum("2x0", "ij->i"),
        Einsum("2x3, 3x4", "Aa,aB->AB"),
        Einsum("2x2, 2x2", "ii,jj->"),
    ];

    private static FunctionCase Einsum(string shapes, string equation) => new("Einsum", shapes, $"equation={equation}");
}
