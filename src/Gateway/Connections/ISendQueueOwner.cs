namespace Presence.Gateway.Connections;

/// <summary>Hears how its queue fares. Called under the queue's lock or from its flusher: must not wait.</summary>
internal interface ISendQueueOwner
{
    /// <summary>The close frame is on its way.</summary>
    void CloseSent();

    /// <summary>The connection is broken.</summary>
    void Broken();

    /// <summary>Something that should not happen keeps frames from being sent.</summary>
    void Failed(Exception exception);

    /// <summary>The reader takes no more for now.</summary>
    void Blocked();

    /// <summary>More waits than may, even without what is replaced.</summary>
    void FellBehind();

    /// <summary>An update was dropped since a later one replaces it.</summary>
    void UpdateReplaced();
}
