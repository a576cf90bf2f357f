namespace Presence.Standalone.Storage;

/// <summary>Writes to be waited for.</summary>
internal static class StateRowsExtensions
{
    /// <returns>False, and nothing changed, when the row's etag is not <paramref name="expected"/>.</returns>
    public static Task<bool> WriteAsync(this IStateRows rows, StateKey key, StateRow row, long? expected)
    {
        var write = new Awaited(key, row, expected);
        rows.Write(write);
        return write.ResultAsync();
    }

    private sealed class Awaited(StateKey key, StateRow row, long? expected) : StateWrite(key, row, expected)
    {
        private bool _isWritten;

        public async Task<bool> ResultAsync()
        {
            await Task;
            return _isWritten;
        }

        public override void Finish(bool isWritten)
        {
            _isWritten = isWritten;
            SetResult();
        }
    }
}
