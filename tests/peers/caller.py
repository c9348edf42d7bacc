"""Runs in the peers' environment: makes an object of a class and calls its methods, a JSON line a call.

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

    made = getattr(importlib.import_module(module), kind)(*json.loads(arguments))
    tell({})
    for line in sys.stdin:
        order = json.loads(line)
        method = getattr(made, order["method"])
        try:
            tell(repeat(method, order["arguments"], order["times"], order["pace"]))
        except Exception as error:
            tell({"error": f"{type(error).__name__}: {error}"})


def repeat(method, arguments: list[object], times: int, pace: float) -> dict[str, object]:
    seconds = []
    cpu = time.process_time()
    began = time.perf_counter()
    result = None
    for number in range(times):
        if pace:
            time.sleep(max(0.0, began + number * pace - time.perf_counter()))
        at = time.perf_counter()
        result = method(*arguments)
        seconds.append(time.perf_counter() - at)
    return {"result": result, "seconds": seconds, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    main()
