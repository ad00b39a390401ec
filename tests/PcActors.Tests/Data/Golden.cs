namespace PcActors.Tests.Data;

/// <summary>Files that other programs have written.</summary>
internal static class Golden
{
    public static string Npy(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Npy", name);
}
