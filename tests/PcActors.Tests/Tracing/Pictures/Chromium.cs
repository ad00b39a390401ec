using Microsoft.Playwright;
using PcActors.Tests.Data;

namespace PcActors.Tests.Tracing.Pictures;

/// <summary>A page in a real browser without a screen.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string? Program = ((string[])["chromium", "chromium-browser", "google-chrome"])
        .SelectMany(
            name =>
                (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                    .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    // For a machine that is busy with other tests.
    private const float PatienceInMilliseconds = 120_000;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _console = [];
    private IPlaywright? _driver;
    private IBrowser? _browser;
    private IPage? _page;

    /// <summary>Whether there is one.</summary>
    public static bool IsInstalled => Program is not null;

    /// <summary>The page, which a mouse can be moved over.</summary>
    public IPage Page => _page!;

    /// <summary>What was said on the console, and errors of scripts.</summary>
    public IReadOnlyList<string> Console => _console;

    /// <summary>Opens a page and lets its scripts run.</summary>
    /// <param name="page">The page's content.</param>
    /// <param name="fragment">What follows the address.</param>
    /// <param name="width">Width of the window.</param>
    public static async Task<Chromium> OpenAsync(string page, string fragment = "", int width = 1400)
    {
        var chromium = new Chromium();
        try
        {
            var file = chromium._folder.PathOf("page.html");
            await File.WriteAllTextAsync(file, page);
            chromium._driver = await Playwright.CreateAsync();
            chromium._browser = await chromium._driver.Chromium.LaunchAsync(
                new()
                {
                    ExecutablePath = Program,
                    Args = ["--no-sandbox", "--disable-gpu"],
                    Timeout = PatienceInMilliseconds
                });
            var shown = chromium._page =
                await chromium._browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 860 } });
            shown.SetDefaultTimeout(PatienceInMilliseconds);
            shown.Console += (_, message) => chromium._console.Add(message.Text);
            shown.PageError += (_, error) => chromium._console.Add(error);
            await shown.GotoAsync($"{new Uri(file)}#{fragment}");
            return chromium;
        }
        catch (Exception)
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _driver?.Dispose();
        _folder.Dispose();
    }
}
