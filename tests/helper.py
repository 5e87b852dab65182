"""helper.py -- processes that work for the driver: one makes large files, and is large itself then; one measures programs
and stays small, since who starts a program lends it its own peak of memory.

    ask(SCRIPT, WORD...)         what the function gives that this script serves
    measure(COMMAND, TIMEOUT)    status, seconds of the processor and peak of resident bytes

Each thread has its own, from when it first asks until the driver ends: to start one each time takes longer than most of
what is measured.
"""
import json, os, select, subprocess, sys, tempfile, threading

ours = threading.local()


def serve(answer):
    for line in sys.stdin:
        print(json.dumps(answer(*json.loads(line))), flush=True)


def ask(script, *words):
    processes = ours.__dict__
    if script not in processes:
        from outcome import SANITIZER_ENV
        processes[script] = subprocess.Popen([sys.executable, '-S', script, '--serve'], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, text=True, env={**os.environ, **SANITIZER_ENV})
    process = processes[script]
    print(json.dumps(words), file=process.stdin, flush=True)
    line = process.stdout.readline()
    if not line:        # it has said why
        raise RuntimeError(f'{script} --serve ended with {processes.pop(script).wait()}')
    return json.loads(line)


def measure(command, timeout):
    return ask(__file__, [str(word) for word in command], timeout)


def measured(command, timeout):
    with tempfile.TemporaryFile() as err:
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, '/dev/null', os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, err.fileno(), 2)])
        ended = os.pidfd_open(pid)
        if not select.select([ended], [], [], timeout)[0]:
            os.kill(pid, 9)
        os.close(ended)
        _, status, usage = os.wait4(pid, 0)
        err.seek(0)
        text = err.read(4000).decode(errors='replace')
    code = os.waitstatus_to_exitcode(status)
    return {'status': code if code >= 0 else 128 - code, 'rss': usage.ru_maxrss * 1024, 'stderr': text,
            'seconds': usage.ru_utime + usage.ru_stime}


if __name__ == '__main__':
    serve(measured)
