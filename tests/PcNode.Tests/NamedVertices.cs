using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Whichever option names a vertex that the network does not have, the refusal says which there are.</summary>
public sealed class NamedVertices
{
    [Theory]
    [InlineData("train --inputs picture=features", "--inputs", "its data leaf is input")]
    [InlineData("train --free picture --rule il", "--free", "its data leaf is input")]
    [InlineData("train --classify picture --rule il", "--classify", "there are input, ")]
    [InlineData("train --latents picture --rule il", "--latents", "there are input, ")]
    [InlineData("train --energy-of picture=laplace --rule il", "--energy-of", "there are input, ")]
    [InlineData("train --rate-of picture=0.1 --rule il", "--rate-of", "there are input, ")]
    [InlineData("infer --rule il --read picture=@o.npy", "--read", "there are input, ")]
    [InlineData("infer --rule il --clamp picture=@x.npy", "--clamp", "there are input, ")]
    public async Task The_vertices_that_there_are_are_listed(string line, string option, string there)
    {
        using var folder = new StepFolder();
        var given = line.Split(' ').Select(w => w.Contains('@', StringComparison.Ordinal)
            ? w.Replace("@", folder["."][..^1], StringComparison.Ordinal) : w);
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, [option, "no vertex 'picture'", there],
            [.. given, "--hidden", "4"]);
    }

    [Fact]
    public async Task Of_many_the_first_are_listed_and_the_number_of_others()
    {
        using var folder = new TemporaryFolder();
        await Pcnode.RefusesLastAsync(ExitCode.BadInput, ["--latents", "there are input, ", " more"], "train",
            "--rule", "il", "--latents", "picture", "--hidden", string.Join(',', Enumerable.Repeat(4, 20)));
    }
}
