using PcActors.Benchmarks;
using PcActors.Tests.Data;

namespace PcActors.Tests.Benchmarks;

/// <summary>What the modes of the benchmarks are called with: read in order, or refused in a line that names the
/// argument, what was found and what would be right.</summary>
public sealed class ArgumentsOfModes : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var arguments = Arguments();
        Assert.Null(arguments.ModelFiles());
        Assert.Equal(25, arguments.Rounds(25));
        Assert.Equal(7, arguments.Number("STEPS", 7, 10));
        Assert.Equal([300, 100], arguments.Numbers("HIDDEN", [300, 100], 1000));
        Assert.Null(arguments.Word("GRAPH", "chain", "lattice"));
        Assert.Equal(["one", "two"], arguments.Those("SHAPE", ["one", "two"], name => name));
        Assert.Null(arguments.Output());
        Assert.Null(arguments.NewFile());
        arguments.End();
    }

    [Fact]
    public void What_is_said_is_read_in_order()
    {
        var arguments = Arguments("3", "10000000000", "30,20", "CHAIN", "W");
        Assert.Equal(3, arguments.Rounds(25));
        Assert.Equal(10_000_000_000, arguments.Number("MESSAGES", 7, 20_000_000_000));
        Assert.Equal([30, 20], arguments.Numbers("HIDDEN", [300, 100], 1000));
        Assert.Equal("chain", arguments.Word("GRAPH", "chain", "lattice"));
        Assert.Equal(["two"], arguments.Those("SHAPE", ["one", "two"], name => name));
        arguments.End();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1000001")]
    [InlineData("99999999999999999999")]
    public void Rounds_are_a_whole_number(string given) => Refuses(
        $"networks: ROUNDS is a whole number from 1 to 1,000,000, not '{given}'",
        () => Arguments(given).Rounds(25));

    [Theory]
    [InlineData("30,x")]
    [InlineData("30,0")]
    [InlineData("30,")]
    [InlineData("1001")]
    public void So_is_each_of_several_numbers(string given) => Refuses(
        $"networks: HIDDEN is whole numbers between commas, each from 1 to 1,000, not '{given}'",
        () => Arguments(given).Numbers("HIDDEN", [300, 100], 1000));

    [Fact]
    public void A_word_is_one_of_those_that_are_known() => Refuses(
        "networks: GRAPH is chain or lattice, not 'ring'", () => Arguments("ring").Word("GRAPH", "chain", "lattice"));

    [Fact]
    public void A_text_that_no_name_holds_is_refused() => Refuses(
        "networks: SHAPE is part of a name such as 'one', and none of the 2 has 'three'",
        () => Arguments("three").Those("SHAPE", ["one", "two"], name => name));

    [Fact]
    public void What_is_left_over_is_refused()
    {
        var arguments = Arguments("3", "4");
        arguments.Rounds(25);
        Refuses("networks: takes [ROUNDS] and no more; '4' is left over", arguments.End);
    }

    [Fact]
    public void A_word_that_comes_next_is_passed_over_and_another_one_is_not()
    {
        var arguments = Arguments("--peak", "4");
        Assert.False(arguments.Skip("--steps"));
        Assert.True(arguments.Skip("--peak"));
        Assert.Equal(4, arguments.Rounds(25));
    }

    [Fact]
    public void A_folders_model_files_come_in_the_order_of_their_names()
    {
        foreach (var name in (string[])["b.onnx", "a.onnx", "B.onnx", "a.md"]) Write(name);
        Assert.Equal([PathOf("B.onnx"), PathOf("a.onnx"), PathOf("b.onnx")], Arguments(_folder.Path).ModelFiles());
    }

    [Fact]
    public void Instead_of_a_folder_there_may_be_a_dash() => Assert.Null(Arguments("-").ModelFiles());

    [Fact]
    public void A_folder_without_model_files_or_none_at_all_is_refused()
    {
        const string Right = "networks: FOLDER is one with model files (*.onnx), and ";
        Refuses($"{Right}'{_folder.Path}' has none", () => Arguments(_folder.Path).ModelFiles());
        Write("a.txt");
        Refuses($"{Right}'{PathOf("a.txt")}' is a file", () => Arguments(PathOf("a.txt")).ModelFiles());
        Refuses($"{Right}there is no '{PathOf("b")}'", () => Arguments(PathOf("b")).ModelFiles());
        Refuses($"{Right}there is no ''", () => Arguments("").ModelFiles());
    }

    [Fact]
    public void A_model_file_is_there()
    {
        const string Right = "networks: FILE is a model file (*.onnx), and ";
        Write("a.onnx");
        Assert.Equal(PathOf("a.onnx"), Arguments(PathOf("a.onnx")).ModelFile());
        Refuses($"{Right}is missing", () => Arguments().ModelFile());
        Refuses($"{Right}there is no '{PathOf("b.onnx")}'", () => Arguments(PathOf("b.onnx")).ModelFile());
    }

    [Fact]
    public void Results_go_to_a_folder_that_need_not_be_there_and_not_to_a_file()
    {
        const string Right = "networks: OUT is a folder for the results, ";
        Assert.Equal(_folder.Path, Arguments(_folder.Path).Output());
        Assert.Equal(PathOf("new"), Arguments(PathOf("new")).Output());
        Write("a.txt");
        Refuses($"{Right}and '{PathOf("a.txt")}' is a file", () => Arguments(PathOf("a.txt")).Output());
        Refuses($"{Right}not ''", () => Arguments("").Output());
    }

    [Fact]
    public void A_file_is_written_in_a_folder_that_is_there()
    {
        const string Right = "networks: FILE is a file to write, and ";
        Assert.Equal("a.trace", Arguments("a.trace").NewFile());
        Assert.Equal(PathOf("a.trace"), Arguments(PathOf("a.trace")).NewFile());
        Refuses($"{Right}'{_folder.Path}' is a folder", () => Arguments(_folder.Path).NewFile());
        Refuses($"{Right}there is no folder for '{PathOf("b/a")}'", () => Arguments(PathOf("b/a")).NewFile());
        Refuses($"{Right}'' is none", () => Arguments("").NewFile());
    }

    private static ModeArguments Arguments(params string[] given) => new("networks", given);

    private static void Refuses(string line, Action read) =>
        Assert.Equal(line, Assert.Throws<ModeException>(read).Message);

    private static void Refuses(string line, Func<object?> read) => Refuses(line, () => { read(); });

    private string PathOf(string name) => _folder.PathOf(name);

    private void Write(string name) => _folder.Write(name, "");
}
