using Microsoft.Extensions.Logging.Abstractions;
using Presence.Standalone.Storage;

namespace Presence.Standalone.Tests.Storage;

/// <summary>A folder for one test's data file.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private static readonly string[] Suffixes = ["", "-wal", "-states"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("presence-test-");

    public string DataFilePath => Path.Combine(_folder.FullName, "presence.db");

    /// <summary>What is not yet in the table of states.</summary>
    public string JournalPath => DataFilePath + "-states";

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The files as a process that ends now would leave them, in a folder of their own.</summary>
    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var suffix in Suffixes.Where(suffix => File.Exists(DataFilePath + suffix)))
        {
            using var from = new FileStream(DataFilePath + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(copy.DataFilePath + suffix);
            from.CopyTo(to);
        }

        return copy;
    }

    internal DataFile Open() => DataFile.Open(DataFilePath, NullLogger.Instance);
}
