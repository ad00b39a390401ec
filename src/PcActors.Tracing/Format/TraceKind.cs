
namespace PcActors.Tracing.Format;

/// <summary>Names of the protocol's messages in a trace: their types', in camel case without "Message". Any other message has its
/// type's name in the same way.</summary>
internal static class TraceKind
{
    /// <summary>A value, from an input to its consumer.</summary>
    public const string Value = "value";

    /// <summary>A pull-back, from a consumer to its input.</summary>
    public const string Error = "error";

    /// <summary>To a parameter: a step begins.</summary>
    public const string BeginStep = "beginStep";

    /// <summary>To a data leaf: its value.</summary>
    public const string ClampData = "clampData";

    /// <summary>To the root: its target.</summary>
    public const string ClampTarget = "clampTarget";

    /// <summary>To a vertex under lockstep: a timestep begins.</summary>
    public const string Advance = "advance";

    /// <summary>To the root: hand out the prediction.</summary>
    public const string RequestPrediction = "requestPrediction";

    /// <summary>To a parameter: report your value.</summary>
    public const string RequestParameter = "requestParameter";

    /// <summary>To a parameter: report your value and your optimizer's state.</summary>
    public const string RequestSnapshot = "requestSnapshot";

    /// <summary>From a parameter, on request: its value, and with it the optimizer's state, whose bytes are counted too.</summary>
    public const string SnapshotReport = "snapshotReport";

    /// <summary>To a vertex: report how many messages you have sent.</summary>
    public const string RequestCounters = "requestCounters";

    /// <summary>To a vertex: report whether your value is finite.</summary>
    public const string RequestFiniteness = "requestFiniteness";

    /// <summary>From the root: the loss.</summary>
    public const string LossReport = "lossReport";

    /// <summary>From the root under lockstep: the forward initialisation has arrived.</summary>
    public const string ForwardReport = "forwardReport";

    /// <summary>From a vertex under lockstep: its part of a timestep is done.</summary>
    public const string AdvanceReport = "advanceReport";

    /// <summary>From a parameter: its update is computed.</summary>
    public const string UpdateReport = "updateReport";

    /// <summary>From the root, on request: a prediction.</summary>
    public const string PredictionReport = "predictionReport";

    /// <summary>From a parameter, on request: its value.</summary>
    public const string ParameterReport = "parameterReport";

    /// <summary>From a vertex, on request: how many messages it has sent.</summary>
    public const string CountersReport = "countersReport";

    /// <summary>From a vertex, on request: whether its value is finite.</summary>
    public const string FinitenessReport = "finitenessReport";

    /// <summary>To a vertex, first of all: what it is. With a parameter's initial value.</summary>
    public const string Connect = "connect";

    /// <summary>The name of a message's type.</summary>
    internal static string Of(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (name.EndsWith("Message", StringComparison.Ordinal) && name.Length > "Message".Length) name = name[..^"Message".Length];
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
