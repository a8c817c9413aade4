# shellcheck shell=bash disable=SC2016,SC2034,SC2153
# What the host itself must have: apt-get, and two packages that this part installs when they are missing.
#
# Invariant: nothing else is installed or changed on the host; all tools and FRR itself live in the root.
# Refuses: a machine without apt-get, or one whose apt cannot reach its mirror.

host_apt()
{
	DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# host_update: asks for the package lists; once is enough for releases that are prepared at the same time.
host_update()
{
	lock_begin apt
	if [ -z "$(find "$CACHE/apt-updated" -mmin -5 2>/dev/null)" ]; then
		step "asking the mirror for its package lists" "$CACHE/apt-update.log" \
			"apt-get update failed; check the network and /etc/apt, then run this again" host_apt update
		touch "$CACHE/apt-updated"
	fi
	lock_end
}

# host_need COMMAND PACKAGE: installs the package where the command is missing.
host_need()
{
	command -v "$1" >/dev/null && return 0
	command -v apt-get >/dev/null ||
		die "'$1' is missing and there is no apt-get to install it with; use a Debian machine"
	host_update
	lock_begin apt
	if ! command -v "$1" >/dev/null; then
		step "installing $2 on this machine" "$CACHE/apt-install-$2.log" \
			"apt-get could not install $2; try it by hand: apt-get install $2" \
			host_apt install --no-install-recommends "$2"
	fi
	lock_end
}

# host_proxy_option: prints the apt option for the proxy that this machine's apt uses; nothing where it uses none.
host_proxy_option()
{
	local proxy=''
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || echo "Acquire::http::Proxy \"$proxy\""
}

# host_sources SUITE: prints the sources for a root of that Debian suite, with the mirrors that this
# machine's own apt uses, the archive before security; nothing where it uses none of Debian's (mmdebstrap then
# knows a default).
host_sources()
{
	local suite=$1 origin component release uri
	apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)' \
		'Identifier: Packages' | sort -u | while read -r origin component release uri; do
		[ "$origin $component" = "Debian main" ] || continue
		case $release in
		*-security*) [ "$suite" = testing ] || echo "2 deb $uri $suite-security main" ;;
		*-*) ;;
		*) echo "1 deb $uri $suite main" ;;
		esac
	done | sort -u | cut -d' ' -f2-
}
