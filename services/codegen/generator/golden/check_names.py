"""Checks that programs define each global name that they use, and no function or class twice.

    check_names.py PROGRAM.py...

A piece that stands in a program without the piece that it needs, or beside one that takes its name,
would show only when it runs.
"""

import ast
import builtins
import symtable
import sys
from pathlib import Path


def globals_used(table):
    used = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    if table.get_type() == "module":
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    return used.union(*(globals_used(child) for child in table.get_children()))


def defined_twice(source):
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = [node.name for node in ast.parse(source).body if isinstance(node, kinds)]
    return {name for name in names if names.count(name) > 1}


def main(*programs):
    failed = False
    for program in programs:
        source = Path(program).read_text(encoding="utf-8")
        table = symtable.symtable(source, program, "exec")
        defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        defined |= {child.get_name() for child in table.get_children()}
        missing = globals_used(table) - defined - set(dir(builtins)) - {"__name__"}
        if missing:
            print(f"{program}: not defined: {', '.join(sorted(missing))}")
            failed = True
        if twice := defined_twice(source):
            print(f"{program}: defined twice: {', '.join(sorted(twice))}")
            failed = True
    sys.exit(failed)


main(*sys.argv[1:])
