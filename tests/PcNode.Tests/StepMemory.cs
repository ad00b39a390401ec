using PcActors.Tests.Onnx;
using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>What a step allocates for a large model. Allocations are counted over the whole process, so
/// nothing else runs beside.</summary>
[Collection(nameof(StepMemory))]
[CollectionDefinition(nameof(StepMemory), DisableParallelization = true)]
public sealed class StepMemory
{
    [Theory]
    [InlineData("zil")]
    [InlineData("bp")]
    public async Task A_large_model_is_not_copied_more_often_than_it_has_to_be(string rule)
    {
        const int Width = 2048;
        const long Bytes = (long)Width * Width * sizeof(float);
        using var folder = new StepFolder();
        folder.WriteModel(new TestModel().Input("x", "N", Width).Floats("w", [Width, Width], new float[Width * Width])
            .Node("MatMul", "x w", "y").Output("y", "N", Width));
        folder.Floats("x.npy", [1, Width], new float[Width]);
        folder.Floats("y.npy", [1, Width], new float[Width]);
        // With float_data turned into raw_data, as models have it.
        string[] line = [.. folder.Line, "--rule", rule, "--export", folder["m.onnx"]];
        await Pcnode.RunAsync(line);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var run = await Pcnode.RunAsync(line);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(ExitCode.Done, run.ExitCode);
        // The file, its message, the initial value, the next one, the answer, what is written;
        // and half of one for all else.
        Assert.InRange(allocated, 4 * Bytes, 6.5 * Bytes);
    }
}
