using System.Collections.Generic;
using System.Linq;
using Memcachier.Management.Contract;

namespace Memcachier.BootTests.Contract;

/// <summary>Collects what is wrong with answers.</summary>
internal sealed class ContractJudge
{
    private readonly OpenApiDocument _document;
    private readonly AnswerCheck _check;
    private readonly List<string> _problems = [];

    public ContractJudge(OpenApiDocument document)
    {
        _document = document;
        _check = new AnswerCheck(document);
    }

    /// <summary>With the names of their rows.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Rows of operations that it has seen.</summary>
    public int RowCount { get; private set; }

    public void See(ContractRow row, HttpAnswer answer)
    {
        lock (_problems)
        {
            RowCount++;
            if (answer.Status != row.Status) _problems.Add($"{row.Name}: {answer.Status}: {answer.Body}");
            ApiOperation operation = _document.Operations.Single(one => one.Id == row.OperationId);
            _problems.AddRange(_check.Problems(operation, answer, row.IsHead).Select(problem => $"{row.Name}: {problem}"));
        }
    }

    public void See(MethodRow row, HttpAnswer answer)
    {
        lock (_problems)
        {
            _problems.AddRange(_check.Problems(row, answer).Select(problem => $"{row.Name}: {problem}"));
        }
    }
}
