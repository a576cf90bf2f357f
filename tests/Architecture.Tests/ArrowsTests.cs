using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Presence.Architecture.Tests;

public partial class ArrowsTests
{
    private const string Prefix = "Presence.";

    [Fact]
    public void ProjectReferences_AreTheArrowsOfArchitectureMd()
    {
        var references =
            from source in Repository.Sources(".csproj")
            from reference in XDocument.Parse(source.Text).Descendants("ProjectReference")
            select Arrow(Path.GetFileNameWithoutExtension(source.Path), NameOf((string)reference.Attribute("Include")!));

        Compare.Same(references, Drawn(), "docs/architecture.md");
    }

    [Fact]
    public void Projects_AreThoseOfArchitectureMd() => Compare.Same(
        Repository.Sources(".csproj").Select(source => Path.GetFileNameWithoutExtension(source.Path)),
        Repository.Rows("architecture.md", "Projects and arrows").Select(row => row[0]),
        "docs/architecture.md");

    /// <summary>What a project names may also use what that one names; nothing else of ours may be in the compiled code.</summary>
    [Fact]
    public void CompiledReferences_FollowTheArrows()
    {
        var drawn = Drawn().ToHashSet();
        Compare.None(
            from assembly in Repository.Assemblies
            let project = assembly.GetName().Name![Prefix.Length..]
            from reference in assembly.GetReferencedAssemblies()
            where reference.Name!.StartsWith(Prefix, StringComparison.Ordinal)
            let to = reference.Name![Prefix.Length..]
            where !IsReached(project, to, drawn)
            select $"{Arrow(project, to)}: compiled, but docs/architecture.md draws no way there");
    }

    [Fact]
    public void Gateway_KnowsOnlyTheContractsOfTheGrains()
    {
        var gateway = Repository.Assemblies.Single(assembly => assembly.GetName().Name == "Presence.Gateway");

        Compare.None(
            from reference in gateway.GetReferencedAssemblies()
            where reference.Name is "Presence.Grains" or "Presence.Silo" or "Orleans.Runtime"
            select $"Presence.Gateway -> {reference.Name}: a gateway holds sockets and no grains");
    }

    private static IEnumerable<string> Drawn() =>
        from row in Repository.Rows("architecture.md", "Projects and arrows")
        from name in CodeName().Matches(row[1]).Select(match => match.Value)
        select Arrow(row[0], name);

    private static bool IsReached(string from, string to, HashSet<string> drawn) =>
        drawn.Contains(Arrow(from, to))
        || drawn.Where(arrow => arrow.StartsWith(from + " -> ", StringComparison.Ordinal))
            .Any(arrow => IsReached(arrow[(from.Length + 4)..], to, drawn));

    private static string Arrow(string from, string to) => $"{from} -> {to}";

    private static string NameOf(string include) => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));

    [GeneratedRegex(@"[A-Z][A-Za-z.]*[A-Za-z]")]
    private static partial Regex CodeName();
}
