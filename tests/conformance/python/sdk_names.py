"""Prints the public names of `rerun` as JSON: "names": name -> arguments of a class's constructor, or options of a function; "recording": RecordingStream's methods."""
import inspect
import json

import rerun as rr

VAR = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def is_own(name, value):
    if name.startswith("_") or name == "TYPE_CHECKING" or inspect.ismodule(value):
        return False
    module = getattr(value, "__module__", None)
    return module is None or module.split(".")[0] in ("rerun", "rerun_bindings")


def arguments(value):
    call = value.__init__ if inspect.isclass(value) else value
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        return []
    named = [p for p in parameters if p.kind not in VAR and p.name not in ("self", "args", "kwargs")]
    # What a function must be given goes by its place with us.
    return [p.name for p in named if inspect.isclass(value) or p.default is not inspect.Parameter.empty]


names = {name: arguments(getattr(rr, name)) for name in dir(rr) if is_own(name, getattr(rr, name))}
recording = [name for name in dir(rr.RecordingStream) if not name.startswith("_")]
print(json.dumps({"names": names, "recording": recording}))
