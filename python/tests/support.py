"""support.py -- what the tests have in common."""
import unittest

import weft

TIERS = ('auto', 'interp', 'baseline', 'opt')


class Case(unittest.TestCase):
    """A test with an engine and a store."""

    def setUp(self):
        self.begin()

    def begin(self, tier=None, **keywords):
        self.engine = weft.Engine('all', tier=tier)
        self.store = weft.Store(self.engine, **keywords)

    def instance(self, text, imports=None):
        return weft.Instance(self.store, weft.Module(self.engine, text), imports)

    def export(self, body, name):
        return self.instance(f'(module {body})').exports[name]
