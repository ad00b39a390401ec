namespace PcActors.Actors;

/// <summary>How long a step may go without a sign of progress and how often it is tried again.</summary>
/// <param name="Timeout">After this time without a report, an attempt is abandoned.</param>
/// <param name="MaxRetries">Further attempts before the run fails.</param>
internal sealed record RetryPolicy(TimeSpan Timeout, int MaxRetries);
