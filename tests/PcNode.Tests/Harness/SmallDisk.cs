using PcNode.Tests.Cluster;

namespace PcNode.Tests.Harness;

/// <summary>A small file system for one process and its children, in a namespace of Linux:
/// whoever the user is.</summary>
internal static class SmallDisk
{
    private const int NotMounted = 99;

    /// <summary>The command that runs another one with it.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="size">Its size, as tmpfs takes it.</param>
    /// <param name="afterwards">What a shell does in the end, while it is there; $0 is the folder.</param>
    public static string[] Before(string folder, string size, string afterwards = "true") =>
    [
        "unshare", "--map-root-user", "--mount", "sh", "-c",
        $"mount -t tmpfs -o size={size} tmpfs \"$0\" || exit {NotMounted}; \"$@\"; code=$?; {afterwards}; exit $code",
        folder,
    ];

    /// <summary>Whether it could not be made: no such program, no such right.</summary>
    public static bool IsMissing(int exitCode, Processes run) =>
        exitCode is NotMounted or 127 || run.Error.StartsWith("unshare: ", StringComparison.Ordinal);
}
