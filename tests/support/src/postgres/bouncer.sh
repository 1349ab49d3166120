# Runs PgBouncer until standard input ends, which it does when the test's process ends, however it ends.
#
# $1: pgbouncer  $2: its folder, which is removed at the end
exec 3<&0
"$1" -q "$2/pgbouncer.ini" </dev/null 3<&- &
bouncer=$!
{ read -r _ <&3; kill -KILL "$bouncer"; } 2>/dev/null &
wait "$bouncer"
kill "$!" 2>/dev/null
rm -rf "$2"
