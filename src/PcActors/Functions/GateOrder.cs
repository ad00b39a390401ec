namespace PcActors.Functions;

/// <summary>In which order the gates of an LSTM lie side by side: i (input), o (output), f (forget) and c (candidate),
/// a letter each. ONNX's is iofc, PyTorch's ifco.</summary>
internal readonly record struct GateOrder
{
    public const string Attribute = "gates";

    private const string Letters = "iofc";

    /// <summary>Reads the attribute.</summary>
    /// <exception cref="AttributeException">It is no order of the four.</exception>
    public GateOrder(string text)
    {
        if (!text.Order().SequenceEqual(Letters.Order()))
            throw new AttributeException(
                $"the attribute '{Attribute}' is '{text}'; it must have each of {Letters} once, such as ifco");
        (Text, Input, Output) = (text, text.IndexOf('i'), text.IndexOf('o'));
        (Forget, Candidate) = (text.IndexOf('f'), text.IndexOf('c'));
    }

    /// <summary>The letters.</summary>
    public string Text { get; }

    /// <summary>Which block is the input gate.</summary>
    public int Input { get; }

    /// <summary>Which block is the output gate.</summary>
    public int Output { get; }

    /// <summary>Which block is the forget gate.</summary>
    public int Forget { get; }

    /// <summary>Which block is the candidate.</summary>
    public int Candidate { get; }
}
