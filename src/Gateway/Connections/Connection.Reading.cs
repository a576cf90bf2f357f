using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Presence.Gateway.Protocol;

namespace Presence.Gateway.Connections;

/// <content>The one loop that reads: bytes to messages, messages to the handlers, one after another.</content>
internal sealed partial class Connection
{
    private MessageReader _reader;

    /// <summary>
    /// Nothing that still comes can be understood. It is read all the same until the other side ends, or the wheel does, so that
    /// the close frame is not lost to a reset.
    /// </summary>
    private bool _isFaulted;

    /// <summary>Reads until the connection ends.</summary>
    /// <returns>How it ended: 0 without a close frame, else the code of whoever closed first.</returns>
    public async Task<int> RunAsync()
    {
        try
        {
            await ReadAsync();
            if (IsClosing)
            {
                await CloseSentAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ConnectionAbortedException)
        {
            // The other side is gone without a word: the same as the end of its bytes.
        }
        finally
        {
            _reader.Release();
            _isEnded = true;
            Output.Stop();
            _setup.Wheel.Cancel(this);
        }

        return _closeCode;
    }

    private async Task ReadAsync()
    {
        while (true)
        {
            var result = await _input.ReadAsync();
            var rest = result.Buffer;
            bool isLast;
            do
            {
                var message = ReadMessage(ref rest);
                isLast = rest.IsEmpty || message.Kind is MessageKind.None or MessageKind.Close;
                if (isLast)
                {
                    // A message is a copy: while the handler of the last one waits for an owner, this connection holds no memory to read into.
                    _input.AdvanceTo(rest.Start, rest.End);
                }

                if (message.Kind == MessageKind.Close)
                {
                    Answer(message);
                    return;
                }

                if (message.Kind != MessageKind.None)
                {
                    await TakeAsync(message);
                }
            }
            while (!isLast);

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>The next message, when all of it has come; none of what comes after a fault.</summary>
    private Message ReadMessage(ref ReadOnlySequence<byte> rest)
    {
        var message = _isFaulted ? default : _reader.Read(ref rest, _setup.Options.MaxMessageBytes);
        _isFaulted |= message.Kind == MessageKind.Fault;
        if (_isFaulted)
        {
            rest = rest.Slice(rest.End);
        }

        if (message.Kind == MessageKind.None)
        {
            NoteUnfinished(rest.IsEmpty);
        }

        return message;
    }

    private async ValueTask TakeAsync(Message message)
    {
        try
        {
            NoteProof();
            if (IsClosing)
            {
                return;
            }

            if (message.Kind == MessageKind.Pong)
            {
                NotePong();
            }

            var wait = _messages.Take(LastReceived);
            switch (message.Kind)
            {
                case MessageKind.Fault:
                    End(message.Code);
                    break;
                case MessageKind.Text:
                    await _setup.Handler.HandleAsync(this, message.Payload, wait);
                    break;
                case MessageKind.Ping or MessageKind.Pong when wait > TimeSpan.Zero:
                    CountError(isForRate: true);
                    break;
                case MessageKind.Ping:
                    Output.Send(Frame.Control(Opcode.Pong, message.Payload.Span));
                    break;
            }
        }
        finally
        {
            message.Release();
        }
    }

    private void NoteProof()
    {
        LastReceived = _setup.Wheel.NowMs;
        if (!_reader.IsMidMessage)
        {
            // A ping between the fragments of a message does not give that message more time.
            Volatile.Write(ref _messageBegan, 0);
        }

        if (Session is { } session)
        {
            session.Self.User.LastProof = LastReceived;
        }
    }

    private void Answer(Message close)
    {
        if (!IsClosing)
        {
            // Who says goodbye was there to say it; the answer to our own close comes from a socket that was given up.
            NoteProof();
        }

        if (TryBeginClose(close.Code))
        {
            Output.Send(close.IsEmptyClose ? Frame.Control(Opcode.Close, []) : Frame.Close(close.Code));
        }
    }

    private void NoteUnfinished(bool isEmpty)
    {
        if (isEmpty && !_reader.IsMidMessage)
        {
            return;
        }

        if (_messageBegan == 0)
        {
            Volatile.Write(ref _messageBegan, Math.Max(1, _setup.Wheel.NowMs));
            _setup.Wheel.ScheduleNoLater(this, _setup.Options.MessageTimeout);
        }
    }
}
