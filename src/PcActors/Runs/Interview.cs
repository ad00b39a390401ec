using PcActors.Learning.Protocol;

namespace PcActors.Runs;

/// <summary>An inquiry under way: who has answered, and who has not.</summary>
/// <param name="inquiry">What is asked.</param>
/// <param name="number">Stands in the answers, too: a late answer to an earlier question is none to this.</param>
/// <param name="plan">The graph.</param>
internal sealed class Interview(IInquiry inquiry, int number, StepPlan plan)
{
    private readonly IReadOnlyList<int> _asked = inquiry.Asked(plan);
    private readonly HashSet<int> _missing = [.. inquiry.Asked(plan)];
    private readonly Dictionary<int, AnswerReport> _answers = [];

    /// <summary>What is asked.</summary>
    public IInquiry Inquiry => inquiry;

    /// <summary>Whether everybody has answered.</summary>
    public bool IsComplete => _missing.Count == 0;

    /// <summary>Asks those who have not answered. Whoever has need not do so again: nothing
    /// changes between two steps.</summary>
    public void Ask(IStepOutbox outbox, StepId? completed)
    {
        var question = inquiry.Question(number, completed);
        foreach (var id in _asked)
        {
            if (_missing.Contains(id)) outbox.Tell(id, question);
        }
    }

    /// <summary>Takes an answer.</summary>
    /// <returns>Whether it is one to this question.</returns>
    /// <exception cref="RunFailedException">It comes from somebody who was not asked, or is one
    /// to something else.</exception>
    public bool Take(AnswerReport report)
    {
        if (report.Inquiry != number) return false;
        var name = (uint)report.Vertex < (uint)plan.Names.Length ? plan.Names[report.Vertex] : null;
        var who = name is null ? $"vertex {report.Vertex}, which the graph does not have," : $"the vertex '{name}'";
        if (!_missing.Remove(report.Vertex) && !_answers.ContainsKey(report.Vertex))
            throw new RunFailedException($"{who} answered when others were asked for {inquiry.Subject}", name);
        if (report.GetType() != inquiry.Answer)
            throw new RunFailedException($"{who} was asked for {inquiry.Subject} and answered something else", name);
        _answers[report.Vertex] = report;
        return true;
    }

    /// <summary>Ends with all answers.</summary>
    /// <param name="step">Training steps made.</param>
    /// <returns>What is asked at once; null for nothing.</returns>
    public IInquiry? Conclude(long step) => inquiry.Conclude(_answers, step);

    /// <summary>What is missing, for a person.</summary>
    public string Missing() => $"an answer of {plan.Name(_missing)}";
}
