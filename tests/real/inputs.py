"""inputs.py -- what programs are given that no file of ours is enough for. The same each time."""
import random


def formula(variables, seed):
    """3-SAT, as hard as it gets: 4.26 clauses for each variable."""
    draw, clauses = random.Random(seed), int(variables * 4.26)
    yield f'p cnf {variables} {clauses}\n'
    for _ in range(clauses):
        yield ' '.join(str(v * draw.choice((1, -1))) for v in draw.sample(range(1, variables + 1), 3)) + ' 0\n'


def sentence(draw, words):
    marked = []
    for _ in range(draw.randint(4, 18)):
        word = words[min(int(draw.expovariate(0.004)), len(words) - 1)]
        form = draw.choices(('{}', '*{}*', '**{}**', '`{}`', '[{0}](http://example.com/{0} "{0}")', '&amp;{}'),
                            (88, 4, 3, 2, 2, 1))[0]
        marked.append(form.format(word))
    return ' '.join(marked) + '.'


def markdown(paragraphs, seed=1):
    """Text in the language of few words that many letters are of, with all that Markdown has."""
    draw = random.Random(seed)
    words = [''.join(draw.choices('etaoinshrdlucmfwypvbgk', k=draw.randint(1, 9))) for _ in range(3000)]
    for _ in range(paragraphs):
        kind = draw.random()
        if kind < 0.1:
            yield '#' * draw.randint(1, 4) + ' ' + sentence(draw, words) + '\n'
        elif kind < 0.44:
            start = '- ' if kind < 0.24 else '  - ' if kind < 0.3 else '> ' if kind < 0.38 else '    '
            for _ in range(3):
                yield start + sentence(draw, words) + '\n'
        else:
            yield ' '.join(sentence(draw, words) for _ in range(draw.randint(1, 7))) + '\n'
        yield '\n'
