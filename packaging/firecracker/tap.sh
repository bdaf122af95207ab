#!/usr/bin/env bash
# Makes the tap interface of memcachier.json, as root: the host is 172.16.0.1, the machine 172.16.0.2.
set -euo pipefail

tap=${1:-tap0}
ip tuntap add dev "$tap" mode tap
ip addr add 172.16.0.1/24 dev "$tap"
ip link set "$tap" up
