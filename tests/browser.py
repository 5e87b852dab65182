"""browser.py -- Chromium without a window, told what to do over a pipe (its DevTools protocol): for pages that Weft writes."""
import base64, json, os, shutil, subprocess, tempfile, time
from pathlib import Path

PROGRAM = shutil.which('chromium')
PATIENCE = 60               # seconds that one answer may take


class Browser:
    """One page of a browser whose profile is its own, and which has no network."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix='weft-browser-', ignore_cleanup_errors=True)
        theirs_in, self.to = os.pipe()
        self.answers, theirs_out = os.pipe()
        command = [PROGRAM, '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars',
                   '--proxy-server=127.0.0.1:1', '--host-resolver-rules=MAP * ~NOTFOUND', f'--user-data-dir={self.folder.name}',
                   '--remote-debugging-pipe', 'about:blank']
        # the browser reads from its descriptor 3, and writes to 4
        shell = f'exec 3<&{theirs_in} 4>&{theirs_out}; exec "$@"'
        self.process = subprocess.Popen(['sh', '-c', shell, 'sh', *command], pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(theirs_in), os.close(theirs_out)
        os.set_blocking(self.answers, False)
        self.number, self.read, self.session, self.events = 0, b'', None, []
        page = next(t for t in self.ask('Target.getTargets')['targetInfos'] if t['type'] == 'page')
        self.session = self.ask('Target.attachToTarget', targetId=page['targetId'], flatten=True)['sessionId']
        for domain in 'Page', 'Runtime', 'Log', 'Network':
            self.ask(domain + '.enable')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to), os.close(self.answers)
        self.folder.cleanup()

    def message(self):
        end = time.monotonic() + PATIENCE
        while b'\0' not in self.read:
            try:
                self.read += os.read(self.answers, 1 << 20) or b''
            except BlockingIOError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise RuntimeError('the browser does not answer')
                time.sleep(0.002)
        text, _, self.read = self.read.partition(b'\0')
        return json.loads(text)

    def ask(self, method, **params):
        self.number += 1
        asked = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            asked['sessionId'] = self.session
        os.write(self.to, json.dumps(asked).encode() + b'\0')
        while True:
            got = self.message()
            if got.get('id') == self.number:
                if 'error' in got:
                    raise RuntimeError(f'{method}: {got["error"]}')
                return got['result']
            self.events.append(got)

    def open(self, path, width, height, mobile=False, scheme='light'):
        self.ask('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.ask('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}])
        self.events.clear()
        self.ask('Page.navigate', url=Path(path).resolve().as_uri())
        while not any(e.get('method') == 'Page.loadEventFired' for e in self.events):
            self.events.append(self.message())

    def run(self, script):
        """The value of an expression in the page."""
        got = self.ask('Runtime.evaluate', expression=script, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in got:
            raise RuntimeError(got['exceptionDetails'].get('exception', {}).get('description', 'the page threw'))
        return got['result'].get('value')

    def key(self, key, text=''):
        for kind in 'keyDown', 'keyUp':
            self.ask('Input.dispatchKeyEvent', type=kind, key=key, code=key, **({'text': text} if text and kind == 'keyDown' else {}))

    def press(self, x, y, kinds=('mousePressed', 'mouseReleased')):
        for kind in kinds:
            self.ask('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='left', clickCount=1)

    def tap(self, x, y):
        self.ask('Input.dispatchTouchEvent', type='touchStart', touchPoints=[{'x': x, 'y': y}])
        self.ask('Input.dispatchTouchEvent', type='touchEnd', touchPoints=[])

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self.ask('Page.captureScreenshot', format='png')['data']))

    def complaints(self):
        """What the page, or the browser about it, had to say: errors, and whatever was asked of a network."""
        said = [e for e in self.events if e.get('method') in ('Runtime.exceptionThrown', 'Log.entryAdded', 'Runtime.consoleAPICalled')]
        asked = [e for e in self.events if e.get('method') == 'Network.requestWillBeSent' and not e['params']['request']['url'].startswith('file:')]
        return said + asked
