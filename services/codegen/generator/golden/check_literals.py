"""Checks that hostile names changed nothing in a program but its string constants.

    check_literals.py PLAIN.py NAME...

For each NAME: NAME.py must have PLAIN.py's syntax tree, constants aside, and its TARGET must be
exactly the text of NAME.txt.
"""

import ast
import sys
from pathlib import Path


def shape(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = None
    return ast.dump(tree)


def target_of(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "TARGET":
            return ast.literal_eval(node.value)
    sys.exit("there is no TARGET")


def main(plain, *names):
    wanted = shape(ast.parse(Path(plain).read_bytes()))
    for name in names:
        tree = ast.parse(Path(name + ".py").read_bytes())
        if target_of(tree) != Path(name + ".txt").read_bytes().decode():
            sys.exit(f"{name}: TARGET is not what it should be")
        if shape(tree) != wanted:
            sys.exit(f"{name}: more than constants has changed")


main(*sys.argv[1:])
