using System.Reflection;
using System.Runtime.Loader;

namespace PcActors.Extensions;

/// <summary>What an assembly adds to the catalogues.</summary>
public interface IExtension
{
    /// <summary>Registers it; called once a process.</summary>
    void Register();
}

/// <summary>Says, in an assembly, what it adds: <c>[assembly: PcActorsExtension(typeof(Mine))]</c>.</summary>
/// <param name="type">A class that implements <see cref="IExtension"/> and is made without arguments.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class PcActorsExtensionAttribute(Type type) : Attribute
{
    /// <summary>The class.</summary>
    public Type Type { get; } = type;
}

/// <summary>Loads assemblies that add optimizers, losses, rules and operators.</summary>
public static class ExtensionAssembly
{
    /// <summary>Loads an assembly file, and registers what it adds. A second time changes nothing.</summary>
    /// <exception cref="ExtensionException">It is no assembly, adds nothing, or adds what cannot be added.</exception>
    public static void Load(string path)
    {
        try
        {
            Register(AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path)));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            throw new ExtensionException(
                path + (File.Exists(path) ? ": it is no .NET assembly that can be loaded" : ": there is no such file"),
                e);
        }
        catch (Exception e) when (e is ArgumentException or TypeLoadException or MissingMethodException
            or TargetInvocationException or InvalidCastException)
        {
            throw new ExtensionException(
                $"{path}: {(e is TargetInvocationException { InnerException: { } cause } ? cause : e).Message}", e);
        }
    }

    /// <summary>Registers what an assembly adds.</summary>
    /// <exception cref="ArgumentException">It adds nothing, or a name that is there already.</exception>
    public static void Register(Assembly assembly)
    {
        var extensions = assembly.GetCustomAttributes<PcActorsExtensionAttribute>().ToList();
        if (extensions.Count == 0)
            throw new ArgumentException(
                $"{assembly.GetName().Name} adds nothing; it needs [assembly: PcActorsExtension(typeof(...))]",
                nameof(assembly));
        foreach (var extension in extensions) ((IExtension)Activator.CreateInstance(extension.Type)!).Register();
    }
}

/// <summary>An extension that cannot be loaded; the message names the file and says why.</summary>
public sealed class ExtensionException(string message, Exception cause) : Exception(message, cause);
