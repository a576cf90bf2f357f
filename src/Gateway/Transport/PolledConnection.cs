using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Presence.Gateway.Transport;

/// <summary>A connection of Kestrel on a <see cref="PolledSocket"/>, which is one of its features.</summary>
internal sealed class PolledConnection : ConnectionContext, IDuplexPipe, IConnectionTransportFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IConnectionItemsFeature, IConnectionIdFeature
{
    private static long s_lastId = Random.Shared.NextInt64(1L << 40);

    private readonly PolledSocket _socket;
    private readonly PipeWriter _output;
    private IDictionary<object, object?>? _items;
    private string? _id;

    public PolledConnection(Socket socket)
    {
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        _socket = new(socket);
        _output = PipeWriter.Create(new SocketOutput(_socket));
        Transport = this;
        Features.Set(_socket);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionEndPointFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
    }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref s_lastId).ToString("x11", null);
        set => _id = value;
    }

    public override IFeatureCollection Features { get; } = new FeatureCollection(initialCapacity: 16);

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed
    {
        get => _socket.Ended;
        set => throw new NotSupportedException("A socket says itself when it has ended.");
    }

    PipeReader IDuplexPipe.Input => _socket.Input;

    PipeWriter IDuplexPipe.Output => _output;

    public override void Abort() => Abort(new("The connection was aborted."));

    public override void Abort(ConnectionAbortedException abortReason) => _socket.Close(abortReason);

    /// <summary>
    /// Whoever sends waits until all is taken. What is left is a send that was given up, perhaps in use still: it is cut off, and its writer
    /// left alone.
    /// </summary>
    public override ValueTask DisposeAsync()
    {
        _socket.Close(_output.UnflushedBytes == 0 ? null : new ConnectionAbortedException("What was sent is not taken."));
        _socket.Input.Complete();
        return base.DisposeAsync();
    }
}
