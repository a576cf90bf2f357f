using Presence.Grains;

namespace Presence.Gateway.Rooms;

/// <summary>
/// Tells one room who joins and leaves here: at once while no call is under way, else together with all who came meanwhile. So the room sees
/// a call for each gateway, however many join, and nobody waits who comes alone.
/// </summary>
internal sealed class RoomMoves(IRoomGrain grain, TimeProvider clock)
{
    /// <summary>Most moves of one call: with the longest metadata they take less than the 4 MB that a message may.</summary>
    public const int MostAtOnce = 50;

    /// <summary>A call that takes longer holds up nobody else: its silo may be lost, and the next one may reach another.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Queue<Move> _waiting = [];
    private bool _isCalling;

    /// <returns>What the room answered; the snapshot to one of those whom a call attached.</returns>
    public Task<RoomReceipt> TellAsync(RoomMove move)
    {
        var told = new TaskCompletionSource<RoomReceipt>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            _waiting.Enqueue(new(move, told));
            if (_isCalling)
            {
                return told.Task;
            }

            _isCalling = true;
        }

        // Cannot fail: whatever happens is the answer to those who wait for it.
        _ = CallAllAsync();
        return told.Task;
    }

    private async Task CallAllAsync()
    {
        while (Take() is { Count: > 0 } moves)
        {
            await CallAsync(moves).WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<Move> Take()
    {
        lock (_waiting)
        {
            var moves = new List<Move>();
            while (moves.Count < MostAtOnce && _waiting.TryDequeue(out var move))
            {
                moves.Add(move);
            }

            _isCalling = moves.Count > 0;
            return moves;
        }
    }

    private async Task CallAsync(List<Move> moves)
    {
        try
        {
            var receipt = await AskAsync(moves);
            foreach (var move in moves)
            {
                move.Told.SetResult(receipt);
                receipt = receipt.Snapshot is null ? receipt : receipt with { Snapshot = null };
            }
        }
        catch (Exception e)
        {
            moves.ForEach(move => move.Told.TrySetException(e));
        }
    }

    private ValueTask<RoomReceipt> AskAsync(List<Move> moves) => moves is [{ What.Join: { } join }]
        ? grain.JoinAsync(join, join.Life)
        : grain.MoveAsync([.. moves.Select(move => move.What)]);

    private readonly record struct Move(RoomMove What, TaskCompletionSource<RoomReceipt> Told);
}
