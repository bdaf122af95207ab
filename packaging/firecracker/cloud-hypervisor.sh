#!/usr/bin/env bash
# Boots the image in Cloud Hypervisor on the tap interface of tap.sh.
set -euo pipefail

exec cloud-hypervisor \
    --kernel "${1:-memcachier.elf}" \
    --cmdline "ip=172.16.0.2/24,gw=172.16.0.1 conn_limit=4096" \
    --cpus boot=1 --memory size=1G \
    --net "tap=${2:-tap0},mac=06:00:ac:10:00:02" \
    --rng src=/dev/urandom \
    --serial tty --console off
