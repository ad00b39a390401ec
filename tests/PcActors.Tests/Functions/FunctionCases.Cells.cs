namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static IEnumerable<FunctionCase> Cells =>
    [
        new("LstmGates", "8", "gates=iofc"),
        new("LstmGates", "2x3x12", "gates=ifco"),
        new("LstmGates", "3x4", "gates=cfoi"),
        new("LstmGates", "0x8", "gates=iofc"),
        new("LstmGates", "2x0", "gates=iofc"),
        new("LstmState", "2x8, 2x2", "gates=iofc"),
        new("LstmState", "2x3x20, 2x3x5", "gates=fico"),
        new("LstmState", "0x8, 0x2", "gates=iofc"),
        new("LstmOutput", "2x8, 2x2", "gates=iofc"),
        new("LstmOutput", "2x3x20, 2x3x5", "gates=oicf"),
        new("LstmOutput", "0x8, 0x2", "gates=iofc"),
        new("GruGates", "2x6, 2x6"),
        new("GruGates", "2x3x15, 2x3x15"),
        new("GruGates", "0x6, 0x6"),
        new("GruCandidate", "2x4, 2x6, 2x6"),
        new("GruCandidate", "2x3x10, 2x3x15, 2x3x15"),
        new("GruCandidate", "2x4, 2x6, 2x6", "gates=rz"),
        new("GruCandidate", "0x4, 0x6, 0x6"),
        new("GruState", "2x4, 2x2, 2x2"),
        new("GruState", "2x3x10, 2x3x5, 2x3x5"),
        new("GruState", "2x4, 2x2, 2x2", "gates=rz"),
        new("GruState", "2x4, 2x2, 2x2", "form=shares"),
        new("GruState", "2x3x10, 2x3x5, 2x3x5", "form=shares gates=rz"),
        new("GruState", "0x4, 0x2, 0x2"),
    ];
}
