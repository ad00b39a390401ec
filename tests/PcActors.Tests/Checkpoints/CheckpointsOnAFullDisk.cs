using System.Diagnostics;
using PcActors.Checkpoints;
using PcActors.Tensors;
using PcActors.Tests.Data;

namespace PcActors.Tests.Checkpoints;

/// <summary>Property: a disk that is full after any number of bytes costs the checkpoint that is being written, and
/// leaves the others and nothing else.</summary>
public sealed class CheckpointsOnAFullDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_any_byte()
    {
        var (length, room) = (StoredStates.FileOf(20).Length, long.MaxValue);
        await using var store = new CheckpointDirectory(_folder.Path) { Create = path => new SmallFile(path, room) };
        await StoredStates.SaveAsync(store, 10);
        await StoredStates.SaveAsync(store, 11);
        var random = new SeededRandom(5, "room");
        long[] rooms = [0, 1, 8, 9, length - 1, .. Enumerable.Range(0, 60).Select(_ => (long)random.NextInt(length))];
        foreach (var bytes in rooms)
        {
            room = bytes;
            var refusal = await Assert.ThrowsAsync<CheckpointException>(() => StoredStates.SaveAsync(store, 20));
            Assert.Equal($"the checkpoint of step 20 cannot be saved in '{_folder.Path}': No space left on device",
                refusal.Message);
            Assert.Equal(["checkpoint-10.safetensors", "checkpoint-11.safetensors", "checkpoints.lock"],
                Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        }
        await StoredStates.IsInAsync(store, 10);
        await StoredStates.IsInAsync(store, 11);
        room = length;
        await StoredStates.SaveAsync(store, 20);
        await StoredStates.CountAsync(store, 20, 11);
    }

    [SkippableFact]
    public async Task A_pipe_in_its_place_stays_and_is_told()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes with names are Unix's");
        await using var store = new CheckpointDirectory(_folder.Path);
        await StoredStates.SaveAsync(store, 10);
        var pipe = Path.Combine(_folder.Path, "checkpoint-20.safetensors");
        using (var make = Process.Start("mkfifo", [pipe])) await make.WaitForExitAsync();
        var refusal = await Assert.ThrowsAsync<CheckpointException>(() => StoredStates.SaveAsync(store, 20));
        Assert.Contains($"a device or a pipe stands at '{pipe}'", refusal.Message, StringComparison.Ordinal);
        using (var test = Process.Start("test", ["-p", pipe]))
        {
            await test.WaitForExitAsync();
            Assert.Equal(0, test.ExitCode);
        }
        File.Delete(pipe);
        await StoredStates.SaveAsync(store, 20);
        await StoredStates.CountAsync(store, 20, 10);
    }

    /// <summary>A file on a disk with room for so many bytes.</summary>
    private sealed class SmallFile(string path, long room) : FileStream(path, FileMode.Create, FileAccess.Write)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, room - Position);
            base.Write(buffer[..count]);
            if (count < buffer.Length) throw new IOException("No space left on device");
        }
    }
}
