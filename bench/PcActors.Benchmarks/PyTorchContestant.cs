using System.Globalization;

namespace PcActors.Benchmarks;

/// <summary>PyTorch's training step of the same network: bench/peers/mlp_step.py.</summary>
internal sealed class PyTorchContestant : IContestant
{
    private readonly PyTorchPeer _peer;
    private readonly int _threads;

    private PyTorchContestant(PyTorchPeer peer, int threads) => (_peer, _threads) = (peer, threads);

    public string Name => $"PyTorch, {_threads} thread{(_threads == 1 ? "" : "s")}";

    /// <summary>A contestant that has run once; null where there is no PyTorch.</summary>
    public static async Task<PyTorchContestant?> StartAsync(int threads) =>
        await PyTorchPeer.StartAsync("mlp_step.py", Question(threads, 1)) is { } peer
            ? new PyTorchContestant(peer, threads)
            : null;

    public Task<double> RunAsync(int steps) => _peer.MillisecondsAsync(Question(_threads, steps));

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static string Question(int threads, int steps) =>
        string.Create(CultureInfo.InvariantCulture, $"{threads} {steps}");
}
