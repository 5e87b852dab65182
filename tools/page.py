"""page.py -- a part of a page of docs/ that a tool writes: between a line that names the tool, and one that ends it."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
END = '<!-- up to here -->\n'


def keep(tool, page, text, other):
    """Writes the text there; with --check says whether it stands there: `other` is what the page has if not."""
    path, begin = ROOT / page, f'<!-- {tool} writes this -->\n'
    is_now = path.read_text()
    head, _, rest = is_now.partition(begin)
    want = head + begin + text + END + rest.partition(END)[2]
    if sys.argv[1:] != ['--check']:
        path.write_text(want)
    elif is_now != want:
        raise SystemExit(f'{page} has other {other}: python3 {tool} writes them')
