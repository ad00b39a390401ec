using PcNode.Output;

namespace PcNode.Reports;

/// <summary>The folder of a report.</summary>
internal static class ReportFolder
{
    /// <summary>The report's own file.</summary>
    public const string Report = "report.md";

    /// <summary>Makes the folder, and refuses one into which no report can be written.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="origin">The option that names it.</param>
    /// <exception cref="UsageException">It cannot be made, or not be written into.</exception>
    public static void Require(string folder, string origin)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new UsageException($"{origin}: the folder '{folder}' cannot be made: {e.Message}");
        }
        AtomicFile.Require(Path.Combine(folder, Report), origin);
    }
}
