#!/usr/bin/env bash
# Builds and tests on Debian 12, 13 and testing, each a fresh system in a folder, and compares the bytes.
#
#   sudo tools/debian.sh FOLDER [--report-only] [SUITE …]        (needs root, debootstrap and git)
#
# In: the committed state of this project. Out: a line for each Debian in FOLDER/table.txt: its Python, its pip,
# the seconds from clone to pages, whether the tree was clean after it (the same bytes), and what the tests said.
# The mirror is the one this machine's apt is set up for, and so are the index and the certificates of pip.
set -euo pipefail

folder=$(realpath -m "${1:?which folder?}")
shift
tests=yes
if [ "${1:-}" = --report-only ]; then tests=no; shift; fi
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie testing)
project=$(cd "$(dirname "$0")/.." && pwd)
mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' | sort -u | grep -m1 '/debian$')}
mkdir -p "$folder"
table=$folder/table.txt

for suite in "${suites[@]}"; do
  root=$folder/$suite
  if [ ! -e "$root/.made" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase --include=ca-certificates,git,make,python3,python3-venv "$suite" "$root" "$mirror" \
      >"$folder/$suite.debootstrap.txt" 2>&1
    chroot "$root" useradd --create-home reader
    touch "$root/.made"
  fi
  for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
    if [ -e "$file" ]; then cp -L "$file" "$root$file"; fi
  done
  home=$root/home/reader
  rm -rf "$home/project"
  git clone -q "$project" "$home/project"
  chroot "$root" chown -R reader /home/reader
  mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
  mountpoint -q "$root/dev" || mount --rbind /dev "$root/dev"
  inside() { chroot "$root" su reader -c "export LANG=C.UTF-8; cd ~/project && $1"; }
  python=$(inside "python3 --version")
  pip=$(inside "python3 -c 'import ensurepip; print(ensurepip.version())'")
  began=$SECONDS
  if inside "make report" >"$folder/$suite.report.txt" 2>&1; then made="$((SECONDS - began)) s"; else made=FAILED; fi
  tree=$(inside "git status --porcelain" | wc -l)
  said="not run"
  if [ $tests = yes ] && [ "$made" != FAILED ]; then
    inside "make test" >"$folder/$suite.test.txt" 2>&1 || true
    said=$(grep -E '(passed|failed|error)' "$folder/$suite.test.txt" | tail -n 1)
  fi
  printf '%-10s %-16s pip %-8s report %-8s changed files %-3s tests: %s\n' \
    "$suite" "$python" "$pip" "$made" "$tree" "$said" | tee -a "$table"
  umount -R "$root/dev" "$root/proc" || true
done
