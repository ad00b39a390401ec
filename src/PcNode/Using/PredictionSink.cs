using System.Globalization;
using System.Numerics;
using System.Text;
using PcActors.Data.Npy;
using PcActors.Tensors;
using PcNode.Output;

namespace PcNode.Using;

/// <summary>Where predictions go: into a file, or on standard output.</summary>
/// <param name="path">The file, *.npy or *.csv; null for standard output.</param>
/// <param name="json">Whether standard output gets JSON lines, or CSV.</param>
/// <param name="terminal">Standard output.</param>
internal sealed class PredictionSink(string? path, bool json, Terminal terminal)
{
    public const string Option = "--output";

    private const string Npy = ".npy";
    private const string Csv = ".csv";

    /// <summary>Refuses a file of no known form.</summary>
    /// <exception cref="UsageException">It is refused.</exception>
    public static void RequireForm(string path)
    {
        if (Is(path, Npy) || Is(path, Csv)) return;
        throw new UsageException(
            $"{Option}: '{path}' ends in neither {Npy} nor {Csv}, which are the forms that predictions are written in; "
            + "the output of a model file that is predicted is chosen with --root");
    }

    /// <summary>Writes them.</summary>
    /// <param name="predictions">[N, ...].</param>
    /// <exception cref="PcActors.Runs.RunFailedException">The file cannot be written.</exception>
    public void Write<T>(Tensor<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (path is null && json) WriteJson(predictions);
        else if (path is null) WriteCsv(predictions, terminal.Output);
        else AtomicFile.Write(path, Option, stream =>
        {
            if (Is(path, Npy))
            {
                NpyFile.Write<T>(stream, predictions.Shape, predictions.Span);
                return;
            }
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            WriteCsv(predictions, writer);
        });
    }

    private void WriteJson<T>(Tensor<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < Rows(predictions); row++)
        {
            var values = Row(predictions, row).ToArray();
            JsonLines.Write(terminal.Output, ("event", "prediction"), ("row", row),
                ("values", Array.ConvertAll(values, double.CreateTruncating)));
        }
    }

    private static void WriteCsv<T>(Tensor<T> predictions, TextWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var width = predictions.Length / Rows(predictions);
        writer.Write(
            $"{string.Join(',', Enumerable.Range(0, width).Select(i => $"prediction_{i}"))}\n");
        for (var row = 0; row < Rows(predictions); row++)
        {
            var values = Row(predictions, row);
            for (var i = 0; i < values.Length; i++)
            {
                if (i > 0) writer.Write(',');
                writer.Write(values[i].ToString("R", CultureInfo.InvariantCulture));
            }
            writer.Write('\n');
        }
    }

    private static int Rows<T>(Tensor<T> predictions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        predictions.Shape.Rank == 0 ? 1 : predictions.Shape[0];

    private static ReadOnlySpan<T> Row<T>(Tensor<T> predictions, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var width = predictions.Length / Rows(predictions);
        return predictions.Span.Slice(row * width, width);
    }

    private static bool Is(string path, string extension) =>
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
