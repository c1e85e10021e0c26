#!/bin/sh
# Adds Debian's backports, from the same mirror as the rest, to a Debian 13 image while it is built.
# Images made by mmdebstrap list their sources line by line; official ones in paragraphs, of which
# the first is the mirror's.
set -eu
lists=/etc/apt
if [ -f "$lists/sources.list" ]; then
  sed -n 's/ trixie main/ trixie-backports main/p' "$lists/sources.list" \
    >"$lists/sources.list.d/backports.list"
fi
if [ -f "$lists/sources.list.d/debian.sources" ]; then
  sed '/^$/,$d; s/^Suites:.*/Suites: trixie-backports/' \
    "$lists/sources.list.d/debian.sources" >"$lists/sources.list.d/backports.sources"
fi
