namespace Presence.Standalone;

/// <summary>Settings of the standalone program; configuration section <c>Presence</c>.</summary>
public sealed class StandaloneOptions
{
    /// <summary>
    /// The SQLite file that keeps what must last; a relative path starts at the working directory. Default <c>presence.db</c>; empty:
    /// everything is forgotten when the process ends.
    /// </summary>
    public string DataFile { get; set; } = "presence.db";
}
