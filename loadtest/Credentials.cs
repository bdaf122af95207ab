using System;
using System.IO;
using System.Linq;

namespace Memcachier.LoadTest;

/// <summary>Who logs in.</summary>
/// <param name="UserName">Without blanks and control characters.</param>
/// <param name="Password">Without control characters, and not empty.</param>
public sealed record Credentials(string UserName, string Password)
{
    /// <summary>Null if nobody is to log in.</summary>
    /// <param name="userName">As the user writes it.</param>
    /// <param name="passwordFile">A file whose first line is the password.</param>
    public static Credentials? Read(string? userName, string? passwordFile)
    {
        if (userName == null && passwordFile == null) return null;
        if (userName == null || passwordFile == null)
            throw new LoadTestException("a login takes both, --username NAME and --password-file FILE");
        if (userName.Length == 0 || userName.Any(each => each <= ' '))
            throw new LoadTestException($"'{userName}' is not a name: write one without blanks");
        try
        {
            string password = File.ReadLines(passwordFile).FirstOrDefault("");
            return password.Length > 0 && !password.Any(char.IsControl)
                ? new Credentials(userName, password)
                : throw new LoadTestException($"the first line of {passwordFile} is not a password");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"cannot read the password: {problem.Message}", problem);
        }
    }
}
