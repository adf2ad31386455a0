# Ceph's object gateway over one monitor and one in-memory storage daemon: the referee for correctness.
# Authentication inside the cluster is off (loopback only); S3 requests are signed as ever.
# shellcheck shell=bash

s3_install_ceph() {
    need_package radosgw ceph-mon ceph-osd ceph-common
}

# s3_launch_ceph FOLDER PORT
s3_launch_ceph() {
    local folder=$1 port=$2 monitor_port cluster storage
    monitor_port=$(free_port)
    cluster=$(uuid) storage=$(uuid)
    ceph_configuration "$folder" "$port" "$monitor_port" "$cluster" >"$folder/ceph.conf"
    mkdir -p "$folder/mon" "$folder/osd" "$folder/rgw"
    {
        monmaptool --create --clobber --fsid "$cluster" --addv a "[v1:127.0.0.1:$monitor_port]" "$folder/monmap" &&
            ceph-mon -c "$folder/ceph.conf" -i a --mkfs --monmap "$folder/monmap"
    } >"$folder/mkfs.log" 2>&1 || { tail -n 15 "$folder/mkfs.log" >&2; return 1; }
    launch "$folder" ceph-mon ceph-mon -c "$folder/ceph.conf" -i a -f
    wait_for_port "$folder" ceph-mon "$monitor_port" 30 || return 1
    {
        ceph_admit_storage "$folder" "$storage" &&
            ceph-osd -c "$folder/ceph.conf" -i 0 --mkfs --osd-uuid "$storage"
    } >>"$folder/mkfs.log" 2>&1 || { tail -n 15 "$folder/mkfs.log" >&2; return 1; }
    launch "$folder" ceph-osd ceph-osd -c "$folder/ceph.conf" -i 0 -f
    # Waits by itself until the storage daemon has joined, and creates the gateway's pools on the way.
    timeout 60 radosgw-admin -c "$folder/ceph.conf" -n client.rgw user create --uid sterna-test \
        --display-name "Sterna tests" --access-key "$STERNA_TEST_S3_ACCESS_KEY" \
        --secret "$STERNA_TEST_S3_SECRET_KEY" >"$folder/user.log" 2>&1 \
        || { tail -n 15 "$folder/user.log" >&2; return 1; }
    launch "$folder" radosgw radosgw -c "$folder/ceph.conf" -n client.rgw -f
    wait_for_port "$folder" radosgw "$port" 30
}

# Enters the storage daemon into the cluster's map, and verifies that: in this mode ceph's status tells nothing.
# Tried again because a client whose first command overtakes the monitor's map is refused ("EPERM", "wrong fsid").
ceph_admit_storage() {
    local folder=$1 storage=$2 attempt
    for attempt in 1 2 3 4 5 6 7 8; do
        printf '%s\n' "osd new $storage" "osd crush add osd.0 1.0 root=default" "osd tree" \
            | timeout 30 ceph -c "$folder/ceph.conf" | grep "osd\.0 .*down" && return
        sleep 0.1
    done
    say "ceph: the monitor did not admit the storage daemon in $attempt tries"
    return 1
}

uuid() { cat /proc/sys/kernel/random/uuid; }

# `tcp_nodelay=1`: without it every small GET waits 44 ms. An empty admin socket: the path would pass 107 bytes in
# deep folders. `update on start = false`: the storage daemon would send its place in the map to the monitor before
# it has learnt the cluster's id, be refused now and then ("wrong fsid") and end. No manager daemon:
# pools keep the one placement group that they are created with.
ceph_configuration() {
    local folder=$1 port=$2 monitor_port=$3 cluster=$4
    cat <<CONFIGURATION
[global]
fsid = $cluster
mon initial members = a
mon host = [v1:127.0.0.1:$monitor_port]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = true
ms bind msgr2 = false
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
admin socket =
run dir = $folder
crash dir = $folder/crash
log file =
mon cluster log file =
log to stderr = true
err to stderr = true
debug rgw = 0
debug beast = 0
debug rocksdb = 0
debug memstore = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon allow pool delete = true
mon max pg per osd = 1000

[mon]
mon data = $folder/mon
paxos propose interval = 0.02
paxos min wait = 0.01
mon data avail warn = 1
mon data avail crit = 0
auth allow insecure global id reclaim = false

[osd]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd max object name len = 2048
osd class update on start = false
osd crush update on start = false

[client.rgw]
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw enable quota threads = false
rgw enable gc threads = false
rgw enable lc threads = false
rgw run sync thread = false
rgw dynamic resharding = false
rgw thread pool size = 64
CONFIGURATION
}
