using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Memcachier.Appliance.Tests")]
