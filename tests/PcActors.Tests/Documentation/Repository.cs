namespace PcActors.Tests.Documentation;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PcActors.sln")))
                folder = folder.Parent;
            return folder?.FullName
                ?? throw new DirectoryNotFoundException("the tests do not run below the repository");
        }
    }
}
