using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Tests.Connections;

/// <summary>Hears what a queue says of its reader, and closes as a connection would.</summary>
internal sealed class FakeOwner : ISendQueueOwner
{
    private readonly TaskCompletionSource _closeSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _replaced;

    public SendQueue? Queue { get; set; }

    public int FellBehind { get; private set; }

    public int Replaced => _replaced;

    public Task CloseSent => _closeSent.Task;

    public Task Broken => _broken.Task;

    public Task<Exception> Failed => _failed.Task;

    public Task Blocked => _blocked.Task;

    void ISendQueueOwner.CloseSent() => _closeSent.TrySetResult();

    void ISendQueueOwner.Broken() => _broken.TrySetResult();

    void ISendQueueOwner.Failed(Exception exception) => _failed.TrySetResult(exception);

    void ISendQueueOwner.Blocked() => _blocked.TrySetResult();

    void ISendQueueOwner.FellBehind()
    {
        FellBehind++;
        Queue?.CloseNow(Frame.Close(CloseCodes.SlowReader));
    }

    void ISendQueueOwner.UpdateReplaced() => Interlocked.Increment(ref _replaced);
}
