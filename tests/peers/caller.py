"""Runs in the peers' environment: makes objects of a class and calls their methods, a JSON line a call.

It knows none of the packages: module and class are named on its command line.
"""

import importlib
import json
import sys
import time


def main() -> None:
    module, kind, arguments = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr  # some peers print

    def tell(what: dict[str, object]) -> None:
        print(json.dumps(what, default=repr), file=answers, flush=True)

    make = getattr(importlib.import_module(module), kind)
    made = [make(*each) for each in json.loads(arguments)]
    tell({})
    for line in sys.stdin:
        order = json.loads(line)
        methods = [getattr(each, order["method"]) for each in made]
        try:
            tell(repeat(methods, order["arguments"], order["times"]))
        except Exception as error:
            tell({"error": f"{type(error).__name__}: {error}"})


def repeat(methods, arguments: list[object], times: int) -> dict[str, object]:
    """Call each of ``methods`` so many times, in turn."""
    seconds = []
    result = None
    cpu = time.process_time()
    for _ in range(times):
        for method in methods:
            at = time.perf_counter()
            result = method(*arguments)
            seconds.append(time.perf_counter() - at)
    return {"result": result, "seconds": seconds, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    main()
