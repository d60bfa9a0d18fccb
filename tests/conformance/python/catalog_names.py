"""Prints the public names of `rerun.catalog` as JSON: class -> member -> its options; fields and properties have none."""
import dataclasses
import inspect
import json

import rerun.catalog as catalog

VAR = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def options(value):
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return []
    # What a method must be given goes by its place with us.
    return [
        p.name
        for p in parameters
        if p.kind not in VAR and (p.kind == inspect.Parameter.KEYWORD_ONLY or p.default is not inspect.Parameter.empty)
    ]


def members(cls):
    found = {field.name: [] for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else {}
    for name, value in inspect.getmembers_static(cls):
        # An EntryId is a text, which has many methods.
        if name.startswith("_") or hasattr(str, name):
            continue
        plain = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        found[name] = options(plain) if callable(plain) else []
    return found


classes = {name: value for name, value in vars(catalog).items() if inspect.isclass(value) and not name.startswith("_")}
classes = {name: value for name, value in classes.items() if value.__module__.split(".")[0] in ("rerun", "rerun_bindings")}
names = {name: members(value) for name, value in classes.items()}
names["CatalogClient"]["connect"] = [name for name in options(catalog.CatalogClient.__init__) if name != "addr"]
print(json.dumps(names))
