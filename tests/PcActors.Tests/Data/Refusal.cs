using PcActors.Data;

namespace PcActors.Tests.Data;

internal static class Refusal
{
    /// <summary>Making something throws a <see cref="DataException"/> of one line that has all of the words.</summary>
    public static void Of(Func<object?> make, params string[] words) => Of(() => { _ = make(); }, words);

    /// <summary>The action throws a <see cref="DataException"/> of one line that has all of the words.</summary>
    public static void Of(Action action, params string[] words)
    {
        var message = Assert.Throws<DataException>(action).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', message);
    }
}
