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

    /// <summary>Whether a float can say which number is meant, with the text beside it: a finite one that is too large
    /// would be infinite for whoever reads the file.</summary>
    public static bool CanSay(double number) => !double.IsFinite(number) || float.IsFinite((float)number);

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
                || !Means(numbers[i], floats[i]))
                return [.. floats.Select(Decimal)];
        }
        return numbers;
    }

    /// <summary>Whether digits are a float's. A finite float alone has any; what is infinite or no number says so in
    /// both places. Zeros have signs.</summary>
    private static bool Means(double number, float value) => float.IsNaN(value)
        ? double.IsNaN(number)
        : CanSay(number) && BitConverter.SingleToInt32Bits((float)number) == BitConverter.SingleToInt32Bits(value);

    /// <summary>A float as the shortest decimal fraction that means it: an attribute of 0.1 was 0.1 before it became
    /// single precision.</summary>
    private static double Decimal(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
