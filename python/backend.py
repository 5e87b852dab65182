"""backend.py -- makes the wheel: what pip asks for the package (PEP 517), without any other package.

    python3 python/backend.py OUT       a wheel into that folder: make python

The extension is built by make, with the library in it. It keeps to the stable ABI of Python 3.11, so
one wheel does for all versions from there on.
"""
import base64, hashlib, io, os, re, subprocess, sys, sysconfig, tarfile, zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / 'python/weft'
EXTENSION = '_weft.abi3.so'
SUMMARY = 'A WebAssembly engine and toolkit'


def version():
    text = (ROOT / 'include/weft.h').read_text()
    return '.'.join(re.search(rf'#define WEFT_VERSION_{part} (\d+)', text)[1] for part in ('MAJOR', 'MINOR', 'PATCH'))


def tag():
    return 'cp311-abi3-' + sysconfig.get_platform().replace('-', '_').replace('.', '_')


def metadata():
    return (f'Metadata-Version: 2.1\nName: weft\nVersion: {version()}\nSummary: {SUMMARY}\n'
            f'Requires-Python: >=3.11\nLicense: Apache-2.0 WITH LLVM-exception\nDescription-Content-Type: text/markdown\n\n'
            + (ROOT / 'docs/python.md').read_text()).encode()


def wheel_file():
    return f'Wheel-Version: 1.0\nGenerator: weft\nRoot-Is-Purelib: false\nTag: {tag()}\n'.encode()


def info_files():
    return {'METADATA': metadata(), 'WHEEL': wheel_file(), 'LICENSE': (ROOT / 'LICENSE').read_bytes()}


def build_extension():
    """Where it is, once make has built it."""
    include = Path(sysconfig.get_paths()['include'])
    if not (include / 'Python.h').exists():
        sys.exit(f'weft: there is no {include}/Python.h: install python3-dev')
    jobs = [] if 'MAKELEVEL' in os.environ else ['-j', str(os.cpu_count() or 1)]
    subprocess.run(['make', *jobs, '--no-print-directory', 'python-extension', f'PYTHON_INCLUDE={include}'], cwd=ROOT,
                   check=True, stdout=sys.stderr)
    return ROOT / 'build/python/weft' / EXTENSION


def sources():
    return sorted(path for path in PACKAGE.iterdir() if path.suffix in ('.py', '.pyi') or path.name == 'py.typed')


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    extension, info = build_extension(), f'weft-{version()}.dist-info'
    files = {f'weft/{path.name}': path.read_bytes() for path in sources()}
    files[f'weft/{EXTENSION}'] = extension.read_bytes()
    files |= {f'{info}/{name}': data for name, data in info_files().items()}
    def digest(data):
        return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
    rows = [f'{name},sha256={digest(data)},{len(data)}' for name, data in files.items()]
    files[f'{info}/RECORD'] = '\n'.join([*rows, f'{info}/RECORD,,', '']).encode()
    name = f'weft-{version()}-{tag()}.whl'
    Path(wheel_directory).mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(Path(wheel_directory) / name, 'w', zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():     # as of no time, so that the same is the same
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.endswith('.so') else 0o644) << 16
            wheel.writestr(entry, data)
    return name


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    info = Path(metadata_directory) / f'weft-{version()}.dist-info'
    info.mkdir(parents=True, exist_ok=True)
    for name, data in info_files().items():
        (info / name).write_bytes(data)
    return info.name


def build_sdist(sdist_directory, config_settings=None):
    """What git knows of; elsewhere there is none."""
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, check=True, capture_output=True).stdout
    top, name = f'weft-{version()}', f'weft-{version()}.tar.gz'
    with tarfile.open(Path(sdist_directory) / name, 'w:gz') as out:
        for path in filter(None, listed.decode().split('\0')):
            out.add(ROOT / path, f'{top}/{path}', recursive=False)
        info = tarfile.TarInfo(f'{top}/PKG-INFO')
        data = metadata()
        info.size = len(data)
        out.addfile(info, io.BytesIO(data))
    return name


if __name__ == '__main__':
    print(Path(sys.argv[1]) / build_wheel(sys.argv[1]))
