# Runs a throwaway cluster until nobody has used it for a while, then removes it.
#
# $1: the cluster's folder  $2: the folder of PostgreSQL's binaries  $3: the port  $4: seconds without users
# Standard input is the file that every user of the cluster holds a shared lock on.
trap '' HUP INT
command -v flock >/dev/null || { echo "flock is missing: apt-get install util-linux" >&2; exit 1; }
"$2/postgres" -D "$1/data" -p "$3" -k "$1/socket" </dev/null &
server=$!
idle=0
while kill -0 "$server" 2>/dev/null && [ -d "$1/data" ]; do
  sleep 1
  if flock -n 0; then
    idle=$((idle + 1))
    # The lock stays taken to the end: whoever comes now waits until nothing is left to find.
    [ "$idle" -lt "$4" ] || break
    flock -u 0
  else
    idle=0
  fi
done
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$1"
