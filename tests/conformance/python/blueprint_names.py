"""Prints the public names of `rerun.blueprint` as JSON: module -> name -> arguments of its constructor, or members of an enum."""
import enum
import inspect
import json

import rerun.blueprint as rrb

VAR = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def arguments(cls):
    parameters = inspect.signature(cls.__init__).parameters.values()
    return [p.name for p in parameters if p.kind not in VAR and p.name != "self"]


def names_of(module):
    found = {}
    for name in dir(module):
        value = getattr(module, name)
        if name.startswith("_") or name == "annotations" or inspect.ismodule(value):
            continue
        if inspect.isclass(value) and issubclass(value, enum.Enum):
            found[name] = {"members": [member.name for member in value]}
        elif inspect.isclass(value) and value.__module__.startswith("rerun."):
            found[name] = {"arguments": arguments(value)}
        elif not name.endswith("Like"):
            found[name] = {}
    return found


table = {name: value for name, value in names_of(rrb.table).items() if name in rrb.table.__all__}
components = {n: v for n, v in names_of(rrb.components).items() if not n.endswith("Batch") and not n.endswith("Like")}
print(json.dumps({"": names_of(rrb), "archetypes": names_of(rrb.archetypes), "components": components, "table": table}))
