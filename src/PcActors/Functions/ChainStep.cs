using System.Globalization;
using System.Text;

namespace PcActors.Functions;

/// <summary>One function of a chain, in words: <c>Mul(x,c)</c>, <c>LeakyRelu(x,alpha:0.1)</c> or <c>Clip(x,,c)</c>,
/// where x is what the function before gives and c the next of the chain's constants. Functions have ; between.
/// </summary>
/// <param name="Operator">Its operator.</param>
/// <param name="Operands">What its inputs are, a letter each: x, c, or - for one that is left out.</param>
/// <param name="Attributes">Its attributes, without the list of inputs that are left out.</param>
internal sealed record ChainStep(string Operator, string Operands, Attributes Attributes)
{
    // Each takes a buffer: a text from elsewhere may not ask for any number of them.
    private const int Most = 4096;

    /// <summary>How many constants it takes.</summary>
    public int Constants => Operands.Count(operand => operand == 'c');

    /// <summary>Its attributes as its operator has them.</summary>
    public Attributes Whole
    {
        get
        {
            var absent = Operands.Index().Where(o => o.Item == '-').Select(o => (long)o.Index).ToArray();
            return absent.Length == 0
                ? Attributes
                : Attributes.Of([
                    .. Attributes.Names.Select(name => (name, Attributes[name])), (OperatorSettings.Absent, absent)]);
        }
    }

    /// <summary>The functions that a text says.</summary>
    /// <exception cref="AttributeException">It says none, or more than there may be.</exception>
    public static IReadOnlyList<ChainStep> Parse(string text)
    {
        var steps = text.AsSpan().Count(';') + 1;
        if (steps > Most)
            throw new AttributeException(string.Create(CultureInfo.InvariantCulture,
                $"the attribute '{ElementwiseChainOperators.Functions}' has {steps} functions; {Most} are the most"));
        return [.. text.Split(';').Select(ParseOne)];
    }

    /// <summary>The text that says functions.</summary>
    public static string Write(IEnumerable<ChainStep> steps) => string.Join(';', steps);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Operator).Append('(')
            .AppendJoin(',', Operands.Select(o => o == '-' ? "" : $"{o}"));
        foreach (var name in Attributes.Names)
            text.Append(CultureInfo.InvariantCulture, $",{name}:{Attributes[name]}");
        return text.Append(')').ToString();
    }

    private static ChainStep ParseOne(string text)
    {
        var (open, end) = (text.IndexOf('('), text.Length - 1);
        if (open <= 0 || text[end] != ')') throw Wrong(text, "an operator and its inputs, such as Mul(x,c)");
        var name = text[..open];
        var described = OperatorCatalogue.Find(name) ?? throw Wrong(text, $"there is no operator '{name}'");
        var operands = new StringBuilder();
        var attributes = new List<(string, object?)>();
        foreach (var word in text[(open + 1)..end].Split(','))
        {
            if (word is "x" or "c" or "") operands.Append(word.Length == 0 ? '-' : word[0]);
            else if (word.Split(':') is [var key, var value]) attributes.Add((key, Value(described, key, value, text)));
            else throw Wrong(text, $"'{word}' is neither x, c nor an attribute such as alpha:0.1");
        }
        return new ChainStep(name, operands.ToString(), Attributes.Of([.. attributes]));
    }

    private static object Value(Operator described, string key, string value, string text)
    {
        var kind = described.Find(key) ?? throw Wrong(text, $"{described.Name} has no attribute '{key}'");
        if (kind.IsInteger && long.TryParse(value, CultureInfo.InvariantCulture, out var integer)) return integer;
        if (kind.IsFloat && double.TryParse(value, CultureInfo.InvariantCulture, out var number)) return number;
        return kind.IsInteger || kind.IsFloat || kind.IsList ? throw Wrong(text, $"'{value}' is no number") : value;
    }

    private static AttributeException Wrong(string text, string why) =>
        new($"the attribute '{ElementwiseChainOperators.Functions}' has '{text}': {why}");
}
