"""Evaluates the Tiltfile with stand-ins for Tilt's own functions, and prints what it called as JSON."""

import json
import subprocess
import sys

import starlark

calls = []


def record(name, answer=None):
    def called(*args, **kwargs):
        calls.append({"name": name, "args": list(args), **kwargs})
        return answer

    return called


def helm(chart, name, namespace, values, set):
    args = ["helm", "template", name, chart, "--namespace", namespace]
    args += [arg for path in values for arg in ("--values", path)]
    args += [arg for value in set for arg in ("--set", value)]
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


module = starlark.Module()
for function in ("allow_k8s_contexts", "docker_build", "k8s_resource", "k8s_yaml", "local_resource"):
    module.add_callable(function, record(function))
module.add_callable("blob", lambda text: text)
module.add_callable("sync", lambda local, remote: {"local": local, "remote": remote})
module.add_callable("fall_back_on", lambda files: {"files": files})
module.add_callable("helm", helm)
# YAML goes through JSON, whose reader is in Python.
module.add_callable("decode_yaml_stream", lambda text: json.loads(sys.stdin.read()))
module.add_callable("encode_yaml_stream", json.dumps)

with open("Tiltfile") as file:
    dialect = starlark.Dialect.extended()
    syntax = starlark.parse("Tiltfile", file.read(), dialect=dialect)
starlark.eval(module, syntax, starlark.Globals.standard())
print(json.dumps(calls))
