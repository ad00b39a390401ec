namespace PcNode.Reports;

/// <summary>Milliseconds per weight update as published: Salvatori, Song, Xu, Lukasiewicz, Bogacz, AAAI 2022, on other hardware
/// and at sizes of their own, so that only the ratios compare. IL took 100 to 200 times as long as BP.</summary>
/// <param name="Model">The architecture, by its name here.</param>
/// <param name="Bp">Of backpropagation.</param>
/// <param name="Zil">Of Z-IL.</param>
internal sealed record PublishedTimes(string Model, double Bp, double Zil)
{
    private static readonly PublishedTimes[] All =
    [
        new("mlp", 3.72, 3.81),
        new("alexnet", 8.61, 8.86),
        new("rnn", 5.64, 5.67),
        new("resnet18", 12.43, 12.53),
        new("transformer", 20.43, 20.53),
    ];

    /// <summary>Those of an architecture; null where none were published.</summary>
    public static PublishedTimes? Of(string model) => All.FirstOrDefault(t => t.Model == model);
}
