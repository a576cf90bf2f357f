using Microsoft.Extensions.Logging.Abstractions;
using Presence.Standalone.Storage;

namespace Presence.Standalone.Tests.Storage;

/// <summary>A folder for one test's data file.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("presence-test-");

    public string DataFilePath => Path.Combine(_folder.FullName, "presence.db");

    public void Dispose() => _folder.Delete(recursive: true);

    internal DataFile Open() => DataFile.Open(DataFilePath, NullLogger.Instance);
}
