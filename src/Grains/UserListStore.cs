using Orleans.Storage;
using Presence.Grains.Rules.Privacy;

namespace Presence.Grains;

/// <summary>The stored lists of one user, which few users have and fewer need: read when they are first asked for.</summary>
internal sealed class UserListStore(IGrainStorage storage, GrainId grainId)
{
    private const string StateName = "user-lists";

    private readonly GrainState<UserLists> _stored = new();
    private bool _isRead;

    public async ValueTask<UserLists> ReadAsync()
    {
        if (!_isRead)
        {
            await storage.ReadStateAsync(StateName, grainId, _stored);
            _isRead = true;
        }

        return _stored.RecordExists ? _stored.State! : UserLists.Empty;
    }

    public Task WriteAsync(UserLists lists)
    {
        _stored.State = lists;
        return storage.WriteStateAsync(StateName, grainId, _stored);
    }
}
