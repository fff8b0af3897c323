"""Make an index of the future: for every locked package an empty wheel of a newer release.

    python3 tools/newer_releases.py DIR

In: the lock files. Out: ``DIR/NAME-9999.0-py3-none-any.whl`` for every package they pin. With
``PIP_FIND_LINKS=DIR UV_FIND_LINKS=DIR`` an installation that resolves anything takes one of these and breaks;
one that only installs what is locked does not notice them. So tomorrow's releases can be met today.
"""

import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION = "9999.0"


def names(root: Path) -> set[str]:
    """Return the packages of all lock files, as wheels spell them."""
    locks = sorted(root.glob("requirements*.lock"))
    pinned = [re.findall(r"(?m)^([\w.-]+)==", lock.read_text(encoding="utf-8")) for lock in locks]
    return {re.sub(r"[-_.]+", "_", name).lower() for found in pinned for name in found}


def wheel(folder: Path, name: str) -> Path:
    """Write an empty wheel of `name` and return it."""
    file = folder / f"{name}-{VERSION}-py3-none-any.whl"
    about = f"{name}-{VERSION}.dist-info"
    texts = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: minato\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "".join(f"{about}/{one},,\n" for one in ("METADATA", "WHEEL", "RECORD")),
    }
    with zipfile.ZipFile(file, "w") as archive:
        for part, text in texts.items():
            archive.writestr(f"{about}/{part}", text)
    return file


def main() -> None:
    """Write a wheel for every locked package."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made = [wheel(folder, name) for name in sorted(names(ROOT))]
    print(f"{len(made)} packages have a newer release in {folder}")


if __name__ == "__main__":
    main()
