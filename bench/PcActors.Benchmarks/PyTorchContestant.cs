using System.Globalization;

namespace PcActors.Benchmarks;

/// <summary>A step of the same network in PyTorch: a script of bench/peers.</summary>
internal sealed class PyTorchContestant : IContestant
{
    private readonly PyTorchPeer _peer;
    private readonly int _threads;

    private PyTorchContestant(PyTorchPeer peer, int threads, string? step) =>
        (_peer, _threads, Step) = (peer, threads, step);

    /// <summary>Which of the script's steps; null for its first.</summary>
    public string? Step { get; }

    public string Name => $"PyTorch{(Step is null ? "" : $" '{Step}'")}, {_threads} thread{(_threads == 1 ? "" : "s")}";

    /// <summary>A contestant that has run once; null where there is no PyTorch.</summary>
    /// <param name="threads">Threads.</param>
    /// <param name="script">The script's file name.</param>
    /// <param name="step">Which of its steps; null for its first.</param>
    public static async Task<PyTorchContestant?> StartAsync(
        int threads, string script = "mlp_step.py", string? step = null) =>
        await PyTorchPeer.StartAsync(script, Question(threads, 1, step)) is { } peer
            ? new PyTorchContestant(peer, threads, step)
            : null;

    public Task<double> RunAsync(int steps) => _peer.MillisecondsAsync(Question(_threads, steps, Step));

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static string Question(int threads, int steps, string? step) =>
        string.Create(CultureInfo.InvariantCulture, $"{threads} {steps} {step}").TrimEnd();
}
