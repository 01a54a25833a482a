"""A run with cheap barriers, as a program that tests can kill: OUT SURFACE N CHUNK WORKERS SECONDS [FSIZE]."""

import resource
import sys
from pathlib import Path

from rbfcore.barriers.generation import GenerationRun, generate_steps

sys.path.insert(0, str(Path(__file__).parent))
from cheap import CheapBarriers


def main() -> int:
    out, surface, n, chunk, workers, seconds = sys.argv[1:7]
    if len(sys.argv) > 7:  # no file may grow beyond this many bytes, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[7]), int(sys.argv[7])))
    run = GenerationRun(surface, int(n), Path(out), seed=5, chunk=int(chunk))
    compute = CheapBarriers(float(seconds))
    try:
        for _ in generate_steps(run, compute, compute.settings(), workers=int(workers)):
            pass
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
