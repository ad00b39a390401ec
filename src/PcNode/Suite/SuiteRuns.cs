using System.Diagnostics;

namespace PcNode.Suite;

/// <summary>The runs of several studies, one after the other.</summary>
/// <param name="studies">The studies.</param>
/// <param name="seeds">Seeds of each row; null for the study's own number.</param>
/// <param name="isQuick">Whether sizes are tiny.</param>
/// <param name="images">The images; null where there are none.</param>
/// <param name="save">Writes a file into the report's folder.</param>
internal sealed class SuiteRuns(
    IReadOnlyList<Study> studies, int? seeds, bool isQuick, StudyImages? images, Action<string, Action<Stream>> save)
{
    private const int QuickSeeds = 2;
    private readonly IReadOnlyList<(Study Study, StudyRow Row, int Seed)> _parts =
    [
        .. from study in studies
           where !study.NeedsImages || images is not null
           from row in study.Rows
           from seed in Enumerable.Range(0, seeds ?? (isQuick ? QuickSeeds : study.Seeds))
           select (study, row, seed),
    ];

    private readonly List<StudyRun> _done = [];

    /// <summary>The studies.</summary>
    public IReadOnlyList<Study> Studies => studies;

    /// <summary>The studies whose data are not there.</summary>
    public IReadOnlyList<Study> Missing => [.. studies.Where(s => s.NeedsImages && images is null)];

    /// <summary>What has been run, in the order of the studies, rows and seeds.</summary>
    public IReadOnlyList<StudyRun> Done =>
        [.. _parts.SelectMany(p => _done.Where(r => (r.Study, r.Row, r.Seed) == (p.Study.Name, p.Row.Name, p.Seed)))];

    /// <summary>What was run earlier and is no part of this suite: it stays where it is.</summary>
    public IReadOnlyList<StudyRun> Others { get; private set; } = [];

    /// <summary>How many runs there are when all is done.</summary>
    public int Count => _parts.Count;

    /// <summary>Whether the sizes are tiny.</summary>
    public bool IsQuick => isQuick;

    /// <summary>About how long the rest takes on two cores; null where sizes are tiny.</summary>
    public TimeSpan? Cost => isQuick ? null : TimeSpan.FromMinutes(Left().Sum(p => p.Row.Minutes));

    /// <summary>What is left of each study: how many runs, and about how long they take.</summary>
    public IReadOnlyList<(Study Study, int Runs, TimeSpan? Cost)> Costs =>
    [
        .. Left().GroupBy(p => p.Study).Select(g => (g.Key, g.Count(),
            isQuick ? (TimeSpan?)null : TimeSpan.FromMinutes(g.Sum(p => p.Row.Minutes)))),
    ];

    /// <summary>Takes over what has been run by the same version under the same settings.</summary>
    /// <returns>How many are made anew.</returns>
    public int Resume(IReadOnlyList<StudyRun> earlier)
    {
        var mine = earlier.Where(r => _parts.Any(p => (p.Study.Name, p.Row.Name, p.Seed) == (r.Study, r.Row, r.Seed)))
            .ToList();
        Others = [.. earlier.Except(mine)];
        foreach (var run in mine)
        {
            var settings = SettingsOf(studies.First(s => s.Name == run.Study));
            if (settings.Count == run.Settings.Count
                && settings.All(s => run.Settings.GetValueOrDefault(s.Key) == s.Value))
            {
                _done.Add(run);
            }
        }
        return mine.Count - _done.Count;
    }

    /// <summary>Runs what is left.</summary>
    /// <param name="before">Told what is run, its number from 1, and how long it and all after it may take.</param>
    /// <param name="after">Called after each run.</param>
    /// <param name="cancellation">Ends the suite within a run, which is lost.</param>
    public async Task RunAsync(Action<string, int, TimeSpan?> before, Action after, CancellationToken cancellation)
    {
        foreach (var (study, row, seed) in Left())
        {
            cancellation.ThrowIfCancellationRequested();
            before($"{study.Name}: {row.Name}, seed {seed}", _parts.Index().First(p => p.Item == (study, row, seed))
                .Index + 1, Cost);
            var start = Stopwatch.GetTimestamp();
            var outcome = await study.RunAsync(
                new StudyRequest(row.Name, seed, isQuick, images, save, cancellation)).ConfigureAwait(false);
            _done.Add(new StudyRun
            {
                Study = study.Name,
                Row = row.Name,
                Seed = seed,
                Settings = SettingsOf(study),
                Numbers = outcome.Numbers,
                Pictures = outcome.Pictures,
                WeightsSha256 = outcome.WeightsSha256,
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            });
            after();
        }
    }

    private List<(Study Study, StudyRow Row, int Seed)> Left() =>
        [.. _parts.Where(p => !_done.Any(r => (r.Study, r.Row, r.Seed) == (p.Study.Name, p.Row.Name, p.Seed)))];

    /// <summary>By which version and under which settings a study is run.</summary>
    internal Dictionary<string, string> SettingsOf(Study study)
    {
        var settings = new Dictionary<string, string>
        {
            ["version"] = ThisProgram.Version,
            ["quick"] = isQuick ? "true" : "false",
        };
        if (study.NeedsImages) settings["data"] = images!.Folder;
        return settings;
    }
}
