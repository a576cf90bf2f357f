// These tests measure lifetimes, and each server is a process: one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
