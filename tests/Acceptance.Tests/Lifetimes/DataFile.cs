namespace Presence.Acceptance.Tests.Lifetimes;

/// <summary>A data file in a directory of its own, removed with it.</summary>
internal sealed class DataFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("presence-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "presence.db");

    public void Dispose() => _directory.Delete(recursive: true);
}
