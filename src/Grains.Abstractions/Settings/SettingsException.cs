namespace Presence.Grains.Settings;

/// <summary>
/// The settings are wrong and the process must not start. The message is all that an operator needs: one line for each error.
/// A host prints it to standard error and exits with 1.
/// </summary>
public sealed class SettingsException : Exception
{
    /// <param name="errors">One line for each error.</param>
    public SettingsException(IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Errors { get; }
}
