using PcActors.Cluster.Wire;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.Cluster;

/// <summary>Whatever a message holds comes out as it went in; whatever becomes of its bytes is read as
/// some message or refused with one kind of exception, and takes no more memory than they can fill.</summary>
public sealed class WireProperties
{
    private const int Messages = 20;
    private const int DamagesOfEach = 100;

    public static TheoryData<string> Parcels => [.. WireFormat<float>.Entries.Select(e => e.Manifest)];

    public static TheoryData<string> Others => [.. WireSerializer.Protocol.Entries.Select(e => e.Manifest)];

    [Theory]
    [MemberData(nameof(Parcels))]
    public void What_a_parcel_holds(string manifest)
    {
        Check<float>(WireFormat<float>.Protocol, manifest);
        Check<double>(WireFormat<double>.Protocol, manifest);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_actor_systems_say(string manifest) => Check<float>(WireSerializer.Protocol, manifest);

    [Theory]
    [InlineData(0, 5, Clock.Lockstep, "there are 0 micro-batches")]
    [InlineData(1_000_001, 5, Clock.Lockstep, "there are 1000001 micro-batches")]
    [InlineData(int.MaxValue, 5, Clock.Lockstep, "there are 2147483647 micro-batches")]
    [InlineData(1, -1, Clock.Lockstep, "there are -1 timesteps")]
    [InlineData(1, int.MaxValue, Clock.Lockstep, "there are 2147483647 timesteps")]
    [InlineData(1, 5, Clock.Wavefront, "does not run under the wavefront clock")]
    public void Options_that_would_make_a_node_compute_or_allocate_without_bound_are_refused(
        int microBatches, int steps, Clock clock, string words)
    {
        var options = OptionsOf(microBatches) with { Clock = clock, InferenceSteps = steps };
        foreach (var message in new object[] { new RunOptions(options), TermsOf(options, vertices: 3) })
            Assert.Contains(words, Assert.Throws<WireException>(() => Pass(message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Micro_batches_of_more_vertices_than_an_array_has_room_for_are_refused()
    {
        var options = OptionsOf(1_000_000);
        Pass(TermsOf(options, vertices: 1000));
        foreach (var vertices in new[] { 1100, 5000, int.MaxValue })
        {
            var refusal = Assert.Throws<WireException>(() => Pass(TermsOf(options, vertices)));
            Assert.Contains($"1000000 micro-batches of {vertices} vertices", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static VertexOptions OptionsOf(int microBatches) =>
        new(LearningRule.Il(5, 0.1), Clock.Lockstep, Loss.CrossEntropy, new Adam(0.01), microBatches, 5);

    private static RunTerms TermsOf(VertexOptions options, int vertices) => new(
        "m", options, new RetryPolicy(TimeSpan.FromSeconds(1), 1), 1, 1, TimeSpan.FromSeconds(1), "1.0.0", vertices, 0,
        HasBegun: false);

    private static void Pass(object message)
    {
        var (manifest, payload) = WireFormat<float>.Write(message);
        WireFormat<float>.Read(manifest, payload);
    }

    private static void Check<T>(WireProtocol protocol, string manifest)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var random = new SeededRandom(5, manifest);
        var type = protocol.Entries.Single(e => e.Manifest == manifest).Type;
        var messages = new RandomMessages<T>(random);
        for (var i = 0; i < Messages; i++)
        {
            var message = messages.Next(type);
            var bytes = protocol.Write(message);
            Assert.Equal(bytes.Length, protocol.SizeOf(message));
            var read = protocol.Read(manifest, bytes);
            WireRoundTrips.AssertSame(message, read);
            Assert.Equal(bytes, protocol.Write(read));
            // Every one of a short message, and some of a long one.
            for (var length = 0; length < bytes.Length; length += 1 + (bytes.Length / 200))
                Assert.Throws<WireException>(() => protocol.Read(manifest, bytes.AsMemory(0, length)));
            for (var damage = 0; damage < DamagesOfEach; damage++) Try(protocol, manifest, Damaged(bytes, random));
        }
    }

    private static void Try(WireProtocol protocol, string manifest, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.NotNull(protocol.Read(manifest, bytes));
        }
        catch (WireException e)
        {
            Assert.Contains(manifest, e.Message, StringComparison.Ordinal);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 18) + (64L * bytes.Length));
    }

    /// <summary>Some bytes changed, left out, put in, or made a number that is as large as can be.</summary>
    private static byte[] Damaged(byte[] bytes, SeededRandom random)
    {
        var damaged = bytes.ToList();
        for (var damages = 1 + random.NextInt(3); damages > 0; damages--)
        {
            var place = random.NextInt(damaged.Count + 1);
            var rest = damaged.Count - place;
            switch (random.NextInt(4))
            {
                case 0 when rest > 0:
                    damaged[place] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1 when rest > 0:
                    damaged.RemoveRange(place, Math.Min(rest, 1 + random.NextInt(4)));
                    break;
                case 2:
                    damaged.InsertRange(place, [0xff, 0xff, 0xff, 0xff, (byte)random.NextInt(16)]);
                    break;
                default:
                    damaged.Insert(place, (byte)random.NextInt(256));
                    break;
            }
        }
        return [.. damaged];
    }
}
