namespace Presence.Grains.Sinks;

/// <summary>What a sink does with what it hears, and with what it may have missed.</summary>
internal interface ISinkListener
{
    /// <summary>One event. Called by several threads, and never twice at once for the same silo.</summary>
    void Deliver(SinkEvent sinkEvent, SiloLife silo);

    /// <summary>Changes of users on this silo may have been missed: asks their owners again, and asserts own connections there again.</summary>
    /// <param name="silo">The silo that owned the users when they were last heard of.</param>
    /// <param name="isSilent">Nothing is heard of the silo: what is shown of its users is stale until they have answered.</param>
    /// <param name="cancellationToken">The sink ends.</param>
    /// <returns>Completes when every owner has answered; repeats what fails.</returns>
    Task RecoverAsync(SiloLife silo, bool isSilent, CancellationToken cancellationToken);

    /// <summary>A new life has begun: asserts everything again, and asks for everything again.</summary>
    /// <param name="life">The new life.</param>
    /// <param name="heard">
    /// Completes when every silo has been heard: only then is nothing missed of a user who comes online on any of them, so what was asked for
    /// before is asked for once more.
    /// </param>
    /// <param name="cancellationToken">A later life has begun, or the sink ends.</param>
    /// <returns>Completes when every owner has answered; repeats what fails. A later life ends it.</returns>
    Task BeginAgainAsync(string life, Task heard, CancellationToken cancellationToken);

    /// <summary>Nothing at all is heard since the given time: all that is shown may be stale.</summary>
    void Blind(DateTimeOffset since);

    /// <summary>The feed is heard again, and what was missed has been asked for.</summary>
    void Sees();
}
