using System.IO.Pipelines;
using Presence.Gateway.Protocol;
using Presence.Gateway.Tests.Protocol;
using Presence.Gateway.Tests.Sessions;
using Presence.Grains;
using Xunit;

namespace Presence.Gateway.Tests.Connections;

/// <summary>A connection whose message waits for its owner.</summary>
public sealed class WaitingHandlerTests : RecoveryFixture
{
    [Fact]
    public async Task Message_ThatWaits_HoldsNoMemoryToReadInto()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = Owners.Of("ann");
        owner.Gate = gate.Task;
        var client = new Pipe(new(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        Connect("ann", client, isThere: true);

        try
        {
            // The writer of such a pipe goes on only when the reader has taken all of it in.
            await client.Writer.WriteAsync(SetStatus("busy")).AsTask().WaitAsync(Patience);
            var next = client.Writer.WriteAsync(SetStatus("online")).AsTask();
            Assert.False(next.IsCompleted);
            gate.SetResult();
            await next.WaitAsync(Patience);
        }
        finally
        {
            gate.TrySetResult();
        }

        await EndAsync();

        Assert.Equal([PresenceStatus.Busy, PresenceStatus.Online], owner.Statuses.Select(request => request.Status));
    }

    private static byte[] SetStatus(string status) =>
        FrameBytes.Make((int)Opcode.Text, System.Text.Encoding.UTF8.GetBytes($$"""{"type":"set_status","status":"{{status}}"}"""));
}
