namespace Presence.Standalone.Storage;

/// <summary>The data file cannot be used; the message names it and says why. Stops the start of the program.</summary>
public sealed class DataFileException(string path, string reason, Exception? cause = null)
    : Exception($"The data file '{path}' {reason}", cause);
