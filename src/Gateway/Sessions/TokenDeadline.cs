using Presence.Gateway.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Sessions;

/// <summary>Tells a client 30 s before its token expires, and closes when it, and the clock skew, have passed.</summary>
internal sealed class TokenDeadline(Connection connection, TimingWheel wheel, TimeProvider clock, TimeSpan skew, DateTimeOffset expiresAt)
    : WheelEntry
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(30);

    private bool _isNoticed;
    private volatile bool _isStopped;

    public void Start() => wheel.Schedule(this, expiresAt - Notice - clock.GetUtcNow());

    public void Stop()
    {
        _isStopped = true;
        wheel.Cancel(this);
    }

    protected internal override void OnDue()
    {
        if (!_isNoticed)
        {
            _isNoticed = true;
            connection.Output.Send(ServerMessages.TokenExpiring(expiresAt));
            wheel.Schedule(this, expiresAt + skew - clock.GetUtcNow());
            if (_isStopped)
            {
                wheel.Cancel(this); // The client was faster with a fresh token than this with the next deadline.
            }
        }
        else if (!_isStopped)
        {
            connection.End(CloseCodes.TokenExpired);
        }
    }
}
