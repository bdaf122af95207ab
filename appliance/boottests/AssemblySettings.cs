using Xunit;

// A guest wants a processor to itself, and figures taken beside another test say nothing.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
