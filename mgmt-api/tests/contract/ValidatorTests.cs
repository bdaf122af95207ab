using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Memcachier.Management.Tests.Contract;

/// <summary>/openapi.yaml is valid OpenAPI 3.1, its examples included; and what is not so is found.</summary>
public sealed class ValidatorTests
{
    [ValidatorTheory]
    [InlineData("as it is", "openapi: 3.1.0", "openapi: 3.1.0", 0)]
    [InlineData("a member that OpenAPI does not have", "servers:", "server:", 1)]
    [InlineData("a reference to nothing", "schemas/Version'", "schemas/Vision'", 1)]
    [InlineData("an example of another type", "{status: live}", "{status: dead}", 1)]
    [InlineData("a parameter that the path does not have", "name: key\n", "name: kay\n", 1)]
    [InlineData("the same operation twice", "operationId: getReady", "operationId: getLive", 1)]
    [InlineData("a tag that is not listed", "tags: [files]", "tags: [flies]", 1)]
    public async Task A_document(string name, string text, string instead, int exitCode)
    {
        string document = await File.ReadAllTextAsync(OpenApiValidator.Document);
        Assert.Contains(text, document, StringComparison.Ordinal);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.yaml");
        await File.WriteAllTextAsync(path, document.Replace(text, instead, StringComparison.Ordinal));
        try
        {
            (int ended, string output) = await OpenApiValidator.RunAsync(path);
            Assert.True(exitCode == ended, $"{name}: {output}");
            Assert.Equal(exitCode == 0, !output.Contains("::error", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
