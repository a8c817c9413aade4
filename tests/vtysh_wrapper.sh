#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: whether the wrapper starts the right vtysh, in the right way.
#
# A script stands in for vtysh and prints what it was started with. What the
# wrapper hands over is seen with an empty file for the library; what becomes of
# a program that is not vtysh is seen with the real one ($VTYSH_LIBRARY, from the
# build). Nothing of the system is touched.

set -u
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
failed=0

sed -e "s|@moduledir@|$here/modules|g" -e "s|@VTYSH@|$here/bin/vtysh|g" \
	"${srcdir:-.}/tools/vtysh-vrfleak.in" >"$here/wrapper"
chmod +x "$here/wrapper"
mkdir "$here/bin" "$here/modules"

# Words are set in brackets, so that quoting that went wrong is seen.
real()
{
	cat >"$1" <<-'END'
		#!/bin/sh
		echo "preload=${LD_PRELOAD-} user=${VRFLEAK_USER_LD_PRELOAD-unset}"
		for word; do printf '[%s]' "$word"; done
		exit 3
	END
	chmod 755 "$1"
}

# run WHAT STATUS OUTPUT COMMAND...: the shell's own loader may complain of
# libraries that are not there, so stderr is judged apart.
run()
{
	what=$1 wanted=$2 text=$3
	shift 3
	said=$("$@" 2>"$here/stderr") && status=0 || status=$?
	if [ "$status" != "$wanted" ] || [ "$said" != "$text" ]; then
		echo "$what: wanted status $wanted and '$text', got $status and '$said'"
		sed 's/^/  /' "$here/stderr"
		failed=1
	fi
}

# warned COUNT TEXT: the wrapper's own lines on stderr.
warned()
{
	lines=$(grep -c '^vtysh-vrfleak: ' "$here/stderr")
	if [ "$lines" != "$1" ] || ! grep -q "$2" "$here/stderr"; then
		echo "$what: wanted $1 lines with '$2' on stderr, got:"
		sed 's/^/  /' "$here/stderr"
		failed=1
	fi
}

run 'no vtysh' 127 '' "$here/wrapper"
warned 1 'no vtysh behind this wrapper'

real "$here/bin/vtysh"
run 'no library' 3 "preload= user=unset
[-c][show version][]" "$here/wrapper" -c 'show version' ''
warned 1 'is missing: no route-leak commands'

: >"$here/modules/vtysh_vrfleak.so"
run 'beside vtysh' 3 "preload=$here/modules/vtysh_vrfleak.so user=" \
	env -u LD_PRELOAD "$here/wrapper"
warned 0 ''
run 'a preload of the user' 3 \
	"preload=$here/none.so:$here/modules/vtysh_vrfleak.so user=$here/none.so" \
	env LD_PRELOAD="$here/none.so" "$here/wrapper"

# quiet: nothing at all on stderr.
quiet()
{
	[ ! -s "$here/stderr" ] && return
	echo "$what: wanted nothing on stderr, got:"
	sed 's/^/  /' "$here/stderr"
	failed=1
}

# A vtysh that has nothing of libfrr: a program, or a script of the site's own,
# which passes the library on to the vtysh that it starts.
# LD_BIND_NOW makes the loader look for every symbol at once.
cp "${VTYSH_LIBRARY:-gate/.libs/vtysh_vrfleak.so}" \
	"$here/modules/vtysh_vrfleak.so" || failed=1
run 'a script, the real library' 3 "preload=$here/modules/vtysh_vrfleak.so user=
[-b]" env -u LD_PRELOAD LD_BIND_NOW=1 "$here/wrapper" -b
quiet
mv "$here/bin/vtysh" "$here/bin/script"
cp "$(command -v env)" "$here/bin/vtysh"
run 'a program without libfrr' 0 'started' \
	env -u LD_PRELOAD LD_BIND_NOW=1 "$here/wrapper" echo started
quiet
mv "$here/bin/script" "$here/bin/vtysh"
: >"$here/modules/vtysh_vrfleak.so"

mv "$here/bin/vtysh" "$here/bin/vtysh.distrib"
cp "$here/wrapper" "$here/bin/vtysh"
run 'in the place of vtysh' 3 "preload=$here/modules/vtysh_vrfleak.so user=
[-b]" env -u LD_PRELOAD "$here/bin/vtysh" -b

chmod g+s "$here/bin/vtysh.distrib"
run 'set-group-ID' 3 "preload= user=unset" \
	env -u LD_PRELOAD "$here/bin/vtysh"
warned 1 'set-group-ID'

rm "$here/bin/vtysh.distrib"
run 'a wrapper alone' 127 '' "$here/bin/vtysh"
warned 1 'no vtysh behind this wrapper'

exit $failed
