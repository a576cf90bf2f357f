using System.Reflection;
using System.Runtime.Loader;

namespace Presence.Architecture.Tests;

/// <summary>The sources, the documents and the compiled projects.</summary>
internal static class Repository
{
    private static readonly string[] Projects = ["Grains.Abstractions", "Grains", "Silo", "Gateway", "Standalone"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. Projects.Select(name => AssemblyLoadContext.Default.LoadFromAssemblyPath(
            Path.Combine(AppContext.BaseDirectory, $"Presence.{name}.dll"))),
    ];

    /// <summary>Files under <c>src</c> that people write, with paths as seen from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => extensions.Contains(Path.GetExtension(file)) && !file.Contains("/obj/") && !file.Contains("/bin/"))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, File.ReadAllText(Path.Combine(Root, file))));

    /// <summary>The rows of the tables under one heading of a document, without their head; code marks are taken off.</summary>
    public static List<string[]> Rows(string document, string heading) =>
    [
        .. File.ReadLines(Path.Combine(Root, "docs", document))
            .SkipWhile(line => line != "## " + heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()),
    ];

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Presence.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("Presence.sln is in no folder above the tests.");
    }
}
