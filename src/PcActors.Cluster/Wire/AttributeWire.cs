using Google.Protobuf.Collections;
using PcActors.Functions;

namespace PcActors.Cluster.Wire;

/// <summary>Operators' attributes.</summary>
internal static class AttributeWire
{
    public static void Write(Attributes attributes, RepeatedField<Schema.Attribute> written)
    {
        foreach (var name in attributes.Names) written.Add(Write(name, attributes[name]!));
    }

    public static Attributes Read(RepeatedField<Schema.Attribute> written) =>
        Attributes.Of([.. written.Select(a => (a.Name, (object?)Value(a)))]);

    private static Schema.Attribute Write(string name, object value)
    {
        var written = new Schema.Attribute { Name = name };
        switch (value)
        {
            case long integer:
                written.Integer = integer;
                break;
            case double number:
                written.Number = number;
                break;
            case string text:
                written.Text = text;
                break;
            case long[] integers:
                written.Integers = new() { Items = { integers } };
                break;
            case double[] numbers:
                written.Numbers = new() { Items = { numbers } };
                break;
            case string[] texts:
                written.Texts = new() { Items = { texts } };
                break;
            default:
                throw new WireException($"the attribute '{name}' has a value of type {value.GetType().Name}, which does not travel");
        }
        return written;
    }

    private static object Value(Schema.Attribute written) => written.ValueCase switch
    {
        Schema.Attribute.ValueOneofCase.Integer => written.Integer,
        Schema.Attribute.ValueOneofCase.Number => written.Number,
        Schema.Attribute.ValueOneofCase.Text => written.Text,
        Schema.Attribute.ValueOneofCase.Integers => written.Integers.Items.ToArray(),
        Schema.Attribute.ValueOneofCase.Numbers => written.Numbers.Items.ToArray(),
        Schema.Attribute.ValueOneofCase.Texts => written.Texts.Items.ToArray(),
        _ => throw new WireException($"the attribute '{written.Name}' has no value"),
    };
}
