namespace PcActors.Tests.Fuzzing;

/// <summary>Mutation: files with one change or several are read, or refused by the reader's own exception in one line;
/// nothing else is thrown, nothing hangs, and what is allocated has a bound.</summary>
public class FileMutations
{
    private const ulong Seed = 20;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Keys];

    // Changes of a file that is refused at once tell nothing of what comes after.
    [Fact]
    public void Most_model_files_are_read_as_long_as_they_are_not_changed()
    {
        var target = FuzzTargets.All["onnx"];
        var refusals = target.Seeds.Select(Refusal).OfType<string>().ToList();
        Assert.True(refusals.Count < target.Seeds.Count / 5,
            $"{refusals.Count} of {target.Seeds.Count} are refused:\n{string.Join('\n', refusals)}");

        string? Refusal(byte[] bytes)
        {
            try
            {
                target.Read(bytes, "");
                return null;
            }
            catch (PcActors.Onnx.OnnxException e)
            {
                return e.Message;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Some_thousands_of_changed_files_are_read_or_refused(string name) =>
        FuzzRun.Run(FuzzTargets.All[name], Seed, 1000);

    [Theory]
    [Trait("Suite", "Long")]
    [InlineData("onnx", 500_000)]
    [InlineData("npy", 150_000)]
    [InlineData("npz", 60_000)]
    [InlineData("csv", 200_000)]
    [InlineData("idx", 60_000)]
    [InlineData("gz", 30_000)]
    public void A_million_changed_files_are_read_or_refused(string name, int count) =>
        FuzzRun.Run(FuzzTargets.All[name], Seed + 1, count);
}
