using System.Globalization;
using PcActors.Cluster;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Instruments;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Runs;

/// <summary>A network that is asked things, and its answers as text, by which places are compared.</summary>
internal sealed class NetworkScript
{
    /// <summary>Long enough on any machine; only what hangs gets there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Network<float> _network;
    private readonly MessageForecast _forecast;
    private readonly Lock _lock = new();
    private readonly List<string?> _answers = [];
    private readonly MessageCounts _before;
    private MessageCounts _due;

    private NetworkScript(Network<float> network, NetworkOptions options, NetworkSnapshot<float>? snapshot)
    {
        (_network, Options) = (network, options);
        _forecast = MessageForecast.Of(Levelling.Level(network.Graph), options.Rule, options.MicroBatches);
        _due = _before = snapshot?.Messages ?? new MessageCounts(0, 0);
    }

    public NetworkOptions Options { get; }

    /// <summary>In the order of the questions.</summary>
    public List<string> Answers => [.. _answers.Select(a => a!)];

    public static async Task<NetworkScript> StartAsync(Graph<float> graph, NetworkOptions options,
        NetworkSnapshot<float>? snapshot = null) =>
        new(await Network<float>.StartAsync(graph, options, snapshot).WaitAsync(Patience), options, snapshot);

    public Task StepAsync(ulong seed) => StepAsync(BatchOf(seed));

    public Task StepAsync(Batch<float> batch) => AskAsync("step", async () =>
    {
        var result = await _network.StepAsync(batch);
        lock (_lock) _due = new MessageCounts(_due.Values + _forecast.ValuesPerStep,
            _due.Errors + _forecast.ErrorsPerStep);
        return string.Create(CultureInfo.InvariantCulture, $"{result.Step}, {result.Loss:R}, {result.Attempts}");
    });

    public Task PredictAsync(ulong seed) => PredictAsync(BatchOf(seed));

    public Task PredictAsync(Batch<float> batch) => AskAsync("predict", async () =>
    {
        var prediction = await _network.PredictAsync(batch);
        lock (_lock) _due = _due with { Values = _due.Values + _forecast.ValuesPerPrediction };
        return Text(prediction);
    });

    public Task InferAsync(IReadOnlyDictionary<string, Clamp<float>> clamps, params string[] reads) =>
        AskAsync("infer", async () =>
        {
            var (values, record) = await _network.InferAsync(clamps, reads);
            var energies = record.ByVertex.Select(e => string.Create(CultureInfo.InvariantCulture,
                $"{e.Time} {e.Vertex} {e.Energy:R}"));
            return $"{record.Timesteps} {record.Converged} {string.Join(' ', energies)} "
                + string.Join(' ', reads.Select(name => $"{name} {Text(values[name])}"));
        });

    public Task ParametersAsync() => AskAsync("parameters", async () =>
        string.Join(' ', (await _network.ParametersAsync()).Select(p => $"{p.Name} {Text(p.Value)}")));

    public Task CountAsync() => AskAsync("count", async () => Text(await _network.CountMessagesAsync()));

    public async Task<NetworkSnapshot<float>> SnapshotAsync()
    {
        NetworkSnapshot<float>? taken = null;
        await AskAsync("snapshot", async () =>
        {
            taken = await _network.SnapshotAsync();
            var counts = Text(taken.Messages);
            // As if there had been messages, for a script that goes on from it.
            if (Options.Where is Reference) taken = taken with { Messages = _due };
            return $"{taken.Step} {taken.Seed} {counts} "
                + string.Join(' ', taken.States.OrderBy(s => s.Key, StringComparer.Ordinal).Select(
                s => $"{s.Key} {s.Value.Updates} {Text(s.Value.Value)} "
                    + $"{string.Join(' ', s.Value.OptimizerState.Select(Text))}"));
        });
        return taken!;
    }

    /// <summary>Everything is asked for once more, and again after the end.</summary>
    public async Task EndAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            await StepAsync(0);
            await PredictAsync(0);
            await ParametersAsync();
            await SnapshotAsync();
            await CountAsync();
            await _network.DisposeAsync().AsTask().WaitAsync(Patience);
        }
    }

    private async Task AskAsync(string what, Func<Task<string>> ask)
    {
        var place = _answers.Count;
        _answers.Add(null);
        try
        {
            _answers[place] = $"{what}: {await ask().WaitAsync(Patience)}";
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            // What was thrown on another node is known by its words.
            var cause = Options.Where is OnNodes && e is RunFailedException and not DivergedException
                ? nameof(InvalidOperationException)
                : e.InnerException?.GetType().Name;
            _answers[place] = $"{what}: {e.GetType().Name} {e.Message} {(e as RunFailedException)?.Vertex} {cause}";
        }
    }

    private Batch<float> BatchOf(ulong seed)
    {
        var batch = _network.NewBatch();
        RandomBatch.Fill(batch, _network.Graph, Options.Loss, seed);
        return batch;
    }

    /// <summary>The reference sends none: for it stand those that the closed form has.</summary>
    private string Text(MessageCounts counts)
    {
        if (Options.Where is not Reference) return $"{counts}";
        Assert.Equal(_before, counts);
        return $"{_due}";
    }

    private static string Text(Tensor<float> tensor) =>
        string.Join(',',
            tensor.Span.ToArray()
                .Select(x => BitConverter.SingleToUInt32Bits(x).ToString("x", CultureInfo.InvariantCulture)));
}
