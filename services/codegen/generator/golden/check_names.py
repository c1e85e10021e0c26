"""Checks that programs use no global name that they do not define: check_names.py PROGRAM.py...

A piece that stands in a program without the piece that it needs would show only when it runs.
"""

import builtins
import symtable
import sys
from pathlib import Path


def globals_used(table):
    used = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    if table.get_type() == "module":
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    return used.union(*(globals_used(child) for child in table.get_children()))


def main(*programs):
    failed = False
    for program in programs:
        table = symtable.symtable(Path(program).read_text(encoding="utf-8"), program, "exec")
        defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        defined |= {child.get_name() for child in table.get_children()}
        missing = globals_used(table) - defined - set(dir(builtins)) - {"__name__"}
        if missing:
            print(f"{program}: not defined: {', '.join(sorted(missing))}")
            failed = True
    sys.exit(failed)


main(*sys.argv[1:])
