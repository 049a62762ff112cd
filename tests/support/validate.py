#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates files by a JSON Schema (draft 2020-12), with a validator that knows nothing of Retort.
usage: validate.py SCHEMA FILE...
Prints a JSON array with an element for each file: null if it is no JSON, else the pointers to what is wrong, each with a
sentence. Needs the package jsonschema: python3-jsonschema in Debian, which bootstrap.sh installs."""
import json
import math
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("validate.py needs Python's package jsonschema, 4.0 or newer: ./bootstrap.sh installs it (Debian: python3-jsonschema)")


def unique(pairs):
    """Python takes the last of two members with one name."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice")
    return members


def refuse(number):
    """Python takes NaN and Infinity."""
    raise ValueError(f"{number} is no JSON")


def finite(number):
    """Python reads 1e999 as infinity."""
    value = float(number)
    return value if math.isfinite(value) else refuse(number)


def parsed(file):
    with open(file, "rb") as stream:
        text = stream.read().decode("utf-8")
    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse, parse_float=finite)


def pointer(error):
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in error.absolute_path)


def complaints(validator, file):
    try:
        value = parsed(file)
    except (ValueError, RecursionError):
        return None
    return [[pointer(error), error.message[:200]] for error in validator.iter_errors(value)]


def main(schema_file, *files):
    schema = parsed(schema_file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    json.dump([complaints(validator, file) for file in files], sys.stdout)


main(*sys.argv[1:])
