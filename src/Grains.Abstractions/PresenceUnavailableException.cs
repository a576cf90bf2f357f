namespace Presence.Grains;

/// <summary>The store behind the grains did not answer. The call may or may not have taken effect, and is safe to repeat.</summary>
[GenerateSerializer, Alias("presence.unavailable")]
public sealed class PresenceUnavailableException : Exception
{
    /// <summary>For serializers.</summary>
    public PresenceUnavailableException()
    {
    }

    /// <param name="message">Names no user and no place in the store.</param>
    public PresenceUnavailableException(string message)
        : base(message)
    {
    }

    /// <param name="message">Names no user and no place in the store.</param>
    /// <param name="innerException">What the store said; stays on the silo, in its log.</param>
    public PresenceUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
