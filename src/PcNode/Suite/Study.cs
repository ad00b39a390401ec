namespace PcNode.Suite;

/// <summary>A published experiment of the field, made again by this library.</summary>
internal abstract class Study
{
    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<Study> All { get; } = [new PcxStudy(), new GenerativeStudy(),
        new BidirectionalStudy(), new MemoryStudy(), new MupcStudy(), new FabricStudy(), new ProspectiveStudy(),
        new AlmStudy()];

    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What the report calls it.</summary>
    public abstract string Title { get; }

    /// <summary>Where the settings and the published figures are from.</summary>
    public abstract string Source { get; }

    /// <summary>Network, data, steps, rates: what a run is.</summary>
    public abstract string Settings { get; }

    /// <summary>What a reader has to know: where it differs from the published experiment.</summary>
    public abstract string Remark { get; }

    /// <summary>The measure that rows are compared by.</summary>
    public abstract string Measure { get; }

    /// <summary>Seeds that are run unless told otherwise.</summary>
    public virtual int Seeds => 3;

    /// <summary>Whether it needs the images of FashionMNIST.</summary>
    public virtual bool NeedsImages => true;

    /// <summary>Its configurations.</summary>
    public abstract IReadOnlyList<StudyRow> Rows { get; }

    /// <summary>Published rows that are not run, and why.</summary>
    public virtual IReadOnlyList<AbsentRow> Absent => [];

    /// <summary>Rows that are compared, seed by seed.</summary>
    public abstract IReadOnlyList<(string First, string Second)> Pairs { get; }

    /// <summary>Runs one row with one seed.</summary>
    public abstract Task<StudyOutcome> RunAsync(StudyRequest request);
}

/// <summary>A configuration of a study.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Minutes">About how long a run of it takes on two cores.</param>
/// <param name="Published">The published figures, by measure.</param>
internal sealed record StudyRow(string Name, double Minutes, params (string Measure, double Value)[] Published)
{
    /// <summary>The data set that the published figures are of, where it is another one than the study's.</summary>
    public string? PublishedOn { get; init; }

    /// <summary>The published figure of a measure, if there is one.</summary>
    public double? PublishedOf(string measure) =>
        Published.Where(p => p.Measure == measure).Select(p => (double?)p.Value).FirstOrDefault();
}

/// <summary>A published row that is not run. No text of it has a comma, for the table's sake.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Published">The published figure; null where it stands in a picture only.</param>
/// <param name="On">The data set that it is of.</param>
/// <param name="Why">Why it is not run.</param>
internal sealed record AbsentRow(string Name, string Measure, double? Published, string On, string Why);

/// <summary>What a study is asked for.</summary>
/// <param name="Row">The name of a row.</param>
/// <param name="Seed">Decides all that is drawn.</param>
/// <param name="IsQuick">Whether sizes are tiny: the numbers then say nothing.</param>
/// <param name="Images">The images, for studies that need them.</param>
/// <param name="Save">Writes a file into the report's folder.</param>
/// <param name="Cancellation">Ends the run.</param>
internal sealed record StudyRequest(
    string Row, int Seed, bool IsQuick, StudyImages? Images, Action<string, Action<Stream>> Save,
    CancellationToken Cancellation)
{
    /// <summary>The size that is asked for.</summary>
    public int Size(int real, int quick) => IsQuick ? quick : real;
}

/// <summary>What a run came to.</summary>
/// <param name="Numbers">By measure.</param>
/// <param name="WeightsSha256">The hash of all parameters at its end.</param>
/// <param name="Pictures">The names of the pictures that it has written.</param>
internal sealed record StudyOutcome(
    IReadOnlyDictionary<string, double> Numbers, string WeightsSha256, params IReadOnlyList<string> Pictures);
