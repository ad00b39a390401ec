using System.Diagnostics;
using PcActors.Tests.Data;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>A real browser without a screen.</summary>
internal sealed class Chromium
{
    private static readonly string? Program = ((string[])["chromium", "chromium-browser", "google-chrome"])
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    // For a start on a machine that is busy with other tests; a browser that hangs fails its test.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether there is one.</summary>
    public static bool IsInstalled => Program is not null;

    /// <summary>Opens a page and lets its scripts run.</summary>
    /// <param name="page">The page's content.</param>
    /// <param name="fragment">What follows the address.</param>
    /// <param name="width">Width of the window.</param>
    /// <returns>The document as the scripts left it, what was said on the console, and a picture in PNG.</returns>
    public static async Task<(string Document, IReadOnlyList<string> Console, byte[] Picture)> OpenAsync(string page, string fragment, int width = 1400)
    {
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("page.html");
        await File.WriteAllTextAsync(file, page);
        var address = $"{new Uri(file)}#{fragment}";
        var (document, log) = await RunAsync(folder, width, "--dump-dom", address);
        var picture = folder.PathOf("picture.png");
        await RunAsync(folder, width, $"--screenshot={picture}", address);
        // A line of the log such as: [12:34:INFO:CONSOLE(5)] "text", source: ...
        return (document, [.. log.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))], await File.ReadAllBytesAsync(picture));
    }

    private static async Task<(string Output, string Log)> RunAsync(TemporaryFolder folder, int width, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] usual =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-breakpad", "--disable-crash-reporter", "--no-first-run", "--hide-scrollbars", "--enable-logging=stderr", "--log-level=0",
            "--virtual-time-budget=5000", $"--window-size={width},860", $"--user-data-dir={folder.PathOf("profile")}",
        ];
        foreach (var argument in usual.Concat(arguments)) start.ArgumentList.Add(argument);
        using var browser = Process.Start(start)!;
        var output = browser.StandardOutput.ReadToEndAsync();
        var log = browser.StandardError.ReadToEndAsync();
        try
        {
            await browser.WaitForExitAsync().WaitAsync(Patience);
            // A child that it left behind may hold the pipes open.
            return (await output.WaitAsync(Patience), await log.WaitAsync(Patience));
        }
        catch (TimeoutException)
        {
            browser.Kill(entireProcessTree: true);
            throw;
        }
    }
}
