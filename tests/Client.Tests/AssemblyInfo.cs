// Most of them wait: for a grace period, a token's end, a server that starts.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
