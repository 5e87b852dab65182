"""run.py -- runs the tests of the package, and counts what they assert.

    python3 python/tests/run.py [NAME...]       test_calls, or test_calls.Values.test_numbers_come_back

The package is what `import weft` finds. The last line is `N passed, N failed, N skipped`; a test that
fails has one failure, whatever it asserts behind it.
"""
import functools, importlib.machinery, importlib.util, sys, unittest
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
asserted = depth = 0


class BuiltIn:
    """Finds the extension where it is a part of this Python (sanitized.c)."""

    @staticmethod
    def find_spec(name, path, target=None):
        if name == 'weft._weft' and name in sys.builtin_module_names:
            return importlib.util.spec_from_loader(name, importlib.machinery.BuiltinImporter)


def counted(method):
    """An assertion counts once, whatever others it is made of."""
    @functools.wraps(method)
    def count(*args, **keywords):
        global asserted, depth
        depth += 1
        try:
            result = method(*args, **keywords)
        finally:
            depth -= 1
        asserted += not depth
        return result
    return count


def main(names):
    sys.meta_path.insert(0, BuiltIn)
    sys.path.insert(0, str(HERE))
    for name in dir(unittest.TestCase):
        if name.startswith('assert'):
            setattr(unittest.TestCase, name, counted(getattr(unittest.TestCase, name)))
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(HERE))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    for reason, count in Counter(reason for _, reason in result.skipped).items():
        print(f'skipped {count}: {reason}')
    print(f'{asserted} passed, {failed} failed, {len(result.skipped)} skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
