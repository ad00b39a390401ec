using System.Globalization;

namespace PcActors.Onnx.Files;

/// <summary>Floats of attributes, which ONNX has in single precision. What is another number then stands in the
/// attribute's <c>doc_string</c> besides, with all its digits.</summary>
internal static class AttributeFloats
{
    /// <summary>The numbers as a text, with commas between; null where single precision says them.</summary>
    public static string? Exact(IReadOnlyCollection<double> numbers) => numbers.All(n => Decimal((float)n).Equals(n))
        ? null
        : string.Join(',', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>What an attribute says: the numbers in its text where they are, in single precision, its floats; else
    /// each float as the shortest decimal fraction that means it.</summary>
    public static double[] Read(IReadOnlyList<float> floats, string text)
    {
        var words = text.Length == 0 ? [] : text.Split(',');
        var numbers = new double[floats.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (words.Length != numbers.Length
                || !double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || BitConverter.SingleToInt32Bits((float)numbers[i]) != BitConverter.SingleToInt32Bits(floats[i]))
                return [.. floats.Select(Decimal)];
        }
        return numbers;
    }

    /// <summary>A float as the shortest decimal fraction that means it: an attribute of 0.1 was 0.1 before it became
    /// single precision.</summary>
    private static double Decimal(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
