"""The package as a whole: hints say what there is, everything has help, and docs/python.md is true."""
import ast
import contextlib
import inspect
import io
import os
import re
import sys
import tempfile
import unittest
from pathlib import Path

import weft
from weft import _weft

ROOT = Path(__file__).resolve().parent.parent.parent
STUB = Path(weft.__file__).with_name('_weft.pyi')
CLASSES = {name: item for name, item in vars(_weft).items() if isinstance(item, type) and item.__module__ == 'weft'}
# What all objects have, or what hints say in another way.
TACIT = {'__module__', '__doc__', '__new__', '__eq__', '__ne__', '__hash__', '__lt__', '__le__', '__gt__', '__ge__',
         '__repr__', '__str__', '__getattribute__', '__getattr__', '__buffer__', '__delitem__', '__release_buffer__',
         '__iter__', '__vectorcalloffset__'}


def stub_classes():
    return {node.name: node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ClassDef)}


def members(node):
    """name -> function, property (its function) or None, of a class in the stub."""
    found = {}
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.setdefault(item.name, item)
        elif isinstance(item, ast.AnnAssign):
            found[item.target.id] = None
    return found


def is_property(item):
    return item is None or any(isinstance(d, ast.Name) and d.id == 'property' for d in item.decorator_list)


def names_said(item):
    """Of a function in the stub, but for what it is bound to: by position, the rest, by name."""
    a = item.args
    return ([p.arg for p in a.posonlyargs + a.args if p.arg not in ('self', 'cls')], a.vararg and a.vararg.arg,
            [p.arg for p in a.kwonlyargs])


def names_told(function):
    """The same of what its help says."""
    by_position, rest, by_name = [], None, []
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.VAR_POSITIONAL:
            rest = p.name
        else:
            (by_name if p.kind is p.KEYWORD_ONLY else by_position).append(p.name)
    return by_position, rest, by_name


class Hints(unittest.TestCase):
    def test_classes(self):
        self.assertEqual(set(stub_classes()), set(CLASSES))
        for name, item in CLASSES.items():
            self.assertIs(getattr(weft, name), item)

    def test_members(self):
        for name, node in stub_classes().items():
            real, said = vars(getattr(_weft, name)), members(node)
            self.assertEqual(set(real) - TACIT, set(said) - TACIT, name)
            for member, item in said.items():
                if member in real and not (member.startswith('__') and member.endswith('__')):
                    is_attribute = inspect.isgetsetdescriptor(real[member])
                    self.assertEqual(is_attribute, is_property(item), f'{name}.{member}')

    def test_signatures(self):
        for name, node in stub_classes().items():
            class_ = getattr(_weft, name)
            for member, item in members(node).items():
                if is_property(item) or (member.startswith('__') and member != '__new__'):
                    continue
                static = any(isinstance(d, ast.Name) and d.id in ('classmethod', 'staticmethod') for d in item.decorator_list)
                by_position, rest, by_name = names_told(class_ if member == '__new__' else getattr(class_, member))
                if member != '__new__' and not static:
                    self.assertEqual(by_position.pop(0), 'self')
                self.assertEqual((by_position, rest, by_name), names_said(item), f'{name}.{member}')

    def test_the_stub_is_python(self):
        compile(STUB.read_text(), str(STUB), 'exec')
        self.assertTrue(STUB.with_name('py.typed').exists())


class Help(unittest.TestCase):
    def test_everything_has_some(self):
        self.assertTrue(weft.__doc__ and set(weft.__all__) <= set(dir(weft)))
        for name in weft.__all__:
            item = getattr(weft, name)
            if name == '__version__':
                self.assertRegex(item, r'^\d+\.\d+\.\d+$')
                continue
            self.assertTrue(item.__doc__, name)
            for member, value in vars(item).items() if isinstance(item, type) and item.__module__.startswith('weft') else ():
                if not member.startswith('_') and (callable(value) or inspect.isgetsetdescriptor(value)):
                    self.assertTrue(inspect.getdoc(value), f'{name}.{member}')

    def test_types_cannot_be_changed(self):
        for item in CLASSES.values():
            with self.assertRaises(TypeError):
                item.new = 1
            with self.assertRaises(TypeError):
                type('Below', (item,), {})

    def test_those_that_guests_make(self):
        for item in weft.Exports, weft.Caller, weft.Task, weft.DefType:
            with self.assertRaises(TypeError):
                item()


class Documents(unittest.TestCase):
    def test_what_is_shown_runs(self):
        path = ROOT / 'docs/python.md'
        if not path.exists():
            self.skipTest('docs/python.md is not here')
        shown = re.findall(r'```python\n(.*?)```\n(?:```text\n(.*?)```\n)?', path.read_text(), re.S)
        self.assertGreater(len(shown), 5)
        names, here = {'__name__': '__main__'}, os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for program, output in shown:
                    said = io.StringIO()
                    with contextlib.redirect_stdout(said):
                        exec(compile(program, str(path), 'exec'), names)
                    self.assertEqual(said.getvalue(), output)
            finally:
                os.chdir(here)
        self.assertIn(re.search(r'```python\n(.*?)```', path.read_text(), re.S)[1].split('\n')[2],
                      weft.__doc__.replace('    ', ''))


if __name__ == '__main__':
    unittest.main()
