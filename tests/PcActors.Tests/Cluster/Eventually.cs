namespace PcActors.Tests.Cluster;

/// <summary>Waits for what nobody reports.</summary>
/// <remarks>Time in tests is virtual where a plain object or one actor is tested: ticks that the test tells, a
/// <see cref="TimeProvider"/>, Akka's TestScheduler. It stays real where what passes it is real, too, and nobody can
/// say when all is quiet: clusters (gossip, heartbeats and sockets have timers of their own), networks on actors whose
/// messages are lost (threads of the pool deliver them), slow disks (a thread that blocks), browsers
/// and other processes.</remarks>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1_200, "it does not hold after a minute");
            await Task.Delay(50);
        }
    }
}
