using FsCheck;
using FsCheck.Fluent;
using Presence.Standalone.Storage;
using Xunit;

namespace Presence.Standalone.Tests.Storage;

/// <summary>Any sequence of writes, removals, stops and abrupt ends leaves the rows that a dictionary would.</summary>
public sealed class StateJournalProperties
{
    private enum Kind
    {
        Write,
        WriteWithWrongETag,
        WriteLarge,
        Remove,
        RemoveWithWrongETag,
        Stop,
        End,
    }

    private sealed record Act(Kind Kind, int Key);

    private static readonly Arbitrary<Act[]> AnyActs = Gen.Frequency(
            (12, Gen.Constant(Kind.Write)), (2, Gen.Constant(Kind.WriteWithWrongETag)), (2, Gen.Constant(Kind.WriteLarge)),
            (3, Gen.Constant(Kind.Remove)), (1, Gen.Constant(Kind.RemoveWithWrongETag)), (1, Gen.Constant(Kind.Stop)), (2, Gen.Constant(Kind.End)))
        .SelectMany(kind => Gen.Choose(0, 2).Select(key => new Act(kind, key)))
        .ArrayOf(30)
        .ToArbitrary();

    [Fact]
    public void Rows_AnySequence_AreThoseOfADictionary() => Prop.ForAll(AnyActs, async acts =>
    {
        using var model = new Model();
        foreach (var act in acts)
        {
            await model.DoAsync(act.Kind, act.Key);
            model.Check();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    private sealed class Model : IDisposable
    {
        private readonly Dictionary<int, StateRow> _expected = [];
        private TemporaryFolder _folder = new();
        private DataFile _file;
        private SqliteRows _rows;
        private long _etag;

        public Model()
        {
            _file = _folder.Open();
            _rows = new(_file);
        }

        public Task DoAsync(Kind kind, int key)
        {
            switch (kind)
            {
                case Kind.Stop:
                    _file.Dispose();
                    Assert.False(File.Exists(_folder.JournalPath));
                    Open(_folder);
                    return Task.CompletedTask;
                case Kind.End:
                    var left = _folder.Copy();
                    Dispose();
                    Open(left);
                    return Task.CompletedTask;
                case Kind.Remove:
                    return RemoveAsync(key, _expected.GetValueOrDefault(key)?.ETag);
                case Kind.RemoveWithWrongETag:
                    return RemoveAsync(key, -1);
                case Kind.WriteWithWrongETag:
                    return WriteAsync(key, 10, -1);
                default:
                    return WriteAsync(key, kind == Kind.WriteLarge ? StateJournal.MaxRecordBytes : 10, _expected.GetValueOrDefault(key)?.ETag);
            }
        }

        public void Check()
        {
            for (var key = 0; key < 3; key++)
            {
                var (expected, row) = (_expected.GetValueOrDefault(key), _rows.Read(Key(key)));
                Assert.Equal(expected?.ETag, row?.ETag);
                Assert.Equal(expected?.Data.ToArray(), row?.Data.ToArray());
            }
        }

        public void Dispose()
        {
            _file.Dispose();
            _folder.Dispose();
        }

        private void Open(TemporaryFolder folder)
        {
            _folder = folder;
            _file = folder.Open();
            _rows = new(_file);
        }

        private async Task WriteAsync(int key, int length, long? expected)
        {
            var etag = ++_etag;
            var row = new StateRow(Enumerable.Repeat((byte)etag, length).ToArray(), etag);
            var isRight = expected == _expected.GetValueOrDefault(key)?.ETag;
            Assert.Equal(isRight, await _rows.WriteAsync(Key(key), row, expected));
            if (isRight)
            {
                _expected[key] = row;
            }
        }

        private async Task RemoveAsync(int key, long? expected)
        {
            var isRight = expected == _expected.GetValueOrDefault(key)?.ETag;
            Assert.Equal(isRight, await _rows.RemoveAsync(Key(key), expected));
            if (isRight)
            {
                _expected.Remove(key);
            }
        }

        private static StateKey Key(int key) => new("state", GrainId.Create("user", $"u-{key}"));
    }
}
