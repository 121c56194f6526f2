#!/bin/sh
# Install the system libraries that Blender needs on Debian or Ubuntu: sudo docker/install.sh
set -eu

list="$(dirname "$0")/packages.txt"
packages="$(sed 's/#.*//' "$list")"

export DEBIAN_FRONTEND=noninteractive
apt-get update
# The list is one package a line, so splitting it at blanks is what is wanted.
# shellcheck disable=SC2086
apt-get install --yes --no-install-recommends $packages
rm -rf /var/lib/apt/lists/*
