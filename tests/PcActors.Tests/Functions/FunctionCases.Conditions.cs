namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static string[] ConditionShapes => ["2x3, 2x3", "(), 3", "4x3, 3", "2x1, 1x3", "0x3, 3"];

    private static string[] ChoiceShapes =>
    [
        "2x3, 2x3, 2x3", "(), (), ()", "3, 2x3, 2x1", "2x1, (), 3", "1x3, 2x1x1, ()", "2x3x4, 3x1, 2x1x4", "(), 3, 2x3",
        "0x3, 3, 3", "2x1, 520, 2x520", "2x52, 2x1, 103x1x1",
    ];

    private static string[] VariadicShapes =>
    [
        "2x3", "()", "2x3, 2x3", "4x3, 3", "3, 4x3", "2x1, 1x3", "2x3, 2x3, 2x3", "2x1x4, 3x1, ()", "3, 2x1, 2x3, 1",
        "0x3, 3, 1", "2x520, 520", "2x520, 2x1, 1",
    ];

    private static IEnumerable<FunctionCase> Conditions =>
    [
        .. Compare("Equal"),
        .. Compare("Greater"),
        .. Compare("GreaterOrEqual"),
        .. Compare("Less"),
        .. Compare("LessOrEqual"),
        .. Compare("And"),
        .. Compare("Or"),
        .. Compare("Xor"),
        .. UnaryShapes.Select(shapes => new FunctionCase("Not", shapes) { Domains = [Domain.Whole(0, 1)] }),

        .. ChoiceShapes.Select(
            shapes => new FunctionCase("Where", shapes) { Domains = [Domain.Whole(0, 1), Domain.Nonzero] }),

        new("Cast", "2x3", "to=float"),
        new("Cast", "2x3", "to=float16 element_type=double"),
        new("Cast", "2x3", "to=int32") { Domains = [new Domain(0.1, 9, Signed: true)] },
        new("Cast", "2x5", "to=uint8") { Domains = [Domain.Whole(-300, 300)] },
        new("Cast", "2x3", "to=bool") { Domains = [Domain.Whole(-1, 1)] },
        new("Cast", "2x3", "to=float element_type=int64 saturate=1") { Domains = [Domain.Whole(-9, 9)] },

        new("Clip", "2x3"),
        new("Clip", "2x5, ()") { Domains = [Domain.Distinct(), new Domain(0.02, 0.03, Signed: false)] },
        new("Clip",
            "2x5, (), ()") { Domains = [Domain.Distinct(), new Domain(0.06, 0.07, Signed: true),
                new Domain(0.08, 0.09, Signed: false)] },
        new("Clip", "2x5, ()", "absent=[1]") { Domains = [Domain.Distinct(), new Domain(0.08, 0.09, Signed: false)] },
        new("Clip", "2x5, 1", "absent=[2]") { Domains = [Domain.Distinct(), new Domain(0.08, 0.09, Signed: false)] },
        new("Clip", "37", "min=-0.3 max=0.4") { Domains = [Domain.Distinct()] },
        new("Clip",
            "37, (), ()") { Domains = [Domain.Distinct(), new Domain(0.2, 0.3, Signed: false),
                new Domain(0.02, 0.06, Signed: false)] },
        new("Clip",
            "1030, (), ()") { Domains = [Domain.Distinct(), new Domain(0.02, 0.06, Signed: false),
                new Domain(2.2, 2.3, Signed: false)] },
        new("Clip", "0x3, ()"),
    ];

    private static IEnumerable<FunctionCase> Variadic =>
    [
        .. Join("Sum"),
        .. Join("Mean"),
        .. Join("Max"),
        .. Join("Min"),
    ];

    private static IEnumerable<FunctionCase> Compare(string name) =>
        ConditionShapes.Select(shapes => new FunctionCase(name, shapes) { Domains = [Domain.Whole(0, 2)] });

    private static IEnumerable<FunctionCase> Join(string name) =>
        VariadicShapes.Select(shapes => new FunctionCase(name, shapes)
        {
            Domains = [.. Enumerable.Range(0, 4).Select(part => Domain.Distinct(part, 4))],
        });
}
