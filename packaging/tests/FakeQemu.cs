using System;
using System.IO;
using Memcachier.Cli.Machines;

namespace Memcachier.Cli.Tests;

/// <summary>
/// A script in QEMU's place: it gets QEMU's arguments, finds the console's file and the port in them, and behaves as
/// told.
/// </summary>
internal sealed class FakeQemu : IDisposable
{
    private const string Prologue = """
        #!/usr/bin/python3
        import os, re, signal, socket, sys, time
        line = ' '.join(sys.argv[1:])
        def console(text):
            with open(re.search(r'file,id=console,path=(\S+)', line)[1], 'a') as out: out.write(text)
        def answer(reply):
            port = int(re.search(r'hostfwd=tcp:127.0.0.1:(\d+)', line)[1])
            server = socket.create_server(('127.0.0.1', port))
            pidfile = re.search(r'-pidfile (\S+)', line)
            if pidfile:
                child = os.fork()
                if child:
                    with open(pidfile[1], 'w') as out: out.write(str(child))
                    os._exit(0)
                os.setsid()
                null = os.open('/dev/null', os.O_RDWR)
                for fd in (0, 1, 2): os.dup2(null, fd)
            while True:
                client, _ = server.accept()
                client.recv(100)
                client.sendall(reply)
                client.close()

        """;

    /// <summary>Boots and answers, as it should be.</summary>
    public const string Answers = "console('[ 1234 us] ready\\n'); answer(b'VERSION 1.6.45-memcachier\\r\\n')";

    private readonly TemporaryDirectory _directory = new();

    public FakeQemu(string behaviour)
    {
        Program = _directory.Write("qemu", Prologue + behaviour + "\n");
        File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Options = new MachineOptions
        {
            Name = "memcachier-test",
            Image = _directory.Write("image", "the image"),
            ConsoleFile = _directory.File("m.log"),
            QmpSocket = _directory.File("m.qmp"),
            Network = new NetworkBackend.User(LoopbackPort.Claim(0, "--port"), LoopbackPort.Claim(0, "--api-port")),
        };
    }

    public string Program { get; }

    public MachineOptions Options { get; }

    public string PidFile => _directory.File("m.pid");

    public AcceleratorMemory Memory => new(_directory.File("memory"));

    public void Dispose() => _directory.Dispose();
}
