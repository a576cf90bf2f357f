using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace Presence.Client.Tests;

/// <summary>The package as <c>dotnet pack</c> makes it.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("presence-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pack_HasLibrariesReadmeLicenceAndSymbols()
    {
        await PackAsync();

        using var package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(_folder, "*.nupkg")));
        var files = package.Entries.Select(entry => entry.FullName).ToArray();
        foreach (var framework in new[] { "net8.0", "net10.0" })
        {
            Assert.Contains($"lib/{framework}/Presence.Client.dll", files);
            Assert.Contains($"lib/{framework}/Presence.Client.xml", files);
        }

        var metadata = (await ReadAsync(package, "Presence.Client.nuspec")).Descendants().Where(element => !element.HasElements).ToLookup(e => e.Name.LocalName);
        Assert.Equal("Presence.Client", metadata["id"].Single().Value);
        Assert.Equal(("MIT", "expression"), (metadata["license"].Single().Value, metadata["license"].Single().Attribute("type")!.Value));
        Assert.Contains(metadata["readme"].Single().Value, files);
        Assert.Contains("websocket", metadata["tags"].Single().Value, StringComparison.Ordinal);
        Assert.NotEmpty(metadata["description"].Single().Value);
        Assert.Empty(metadata["dependency"]);

        using var symbols = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(_folder, "*.snupkg")));
        Assert.Equal(2, symbols.Entries.Count(entry => entry.FullName.EndsWith("/Presence.Client.pdb", StringComparison.Ordinal)));
    }

    private async Task PackAsync()
    {
        var project = Path.Combine(WireNamesTests.Root(), "clients", "dotnet");
        using var pack = Process.Start(new ProcessStartInfo("dotnet", ["pack", project, "-c", "Release", "-o", _folder, "--nologo"]) { RedirectStandardOutput = true })!;
        var output = await pack.StandardOutput.ReadToEndAsync();
        await pack.WaitForExitAsync();
        Assert.True(pack.ExitCode == 0, output);
    }

    private static async Task<XDocument> ReadAsync(ZipArchive package, string name)
    {
        await using var file = await package.GetEntry(name)!.OpenAsync();
        return await XDocument.LoadAsync(file, LoadOptions.None, CancellationToken.None);
    }
}
