namespace PcActors.Tests.Cluster;

/// <summary>Waits for what nobody reports.</summary>
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
