# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: turns the YANG model into C, so that the module carries it along.
#
#	awk -f embedmodel.awk model.yang > model.c
#
# The result defines `struct yang_module_embed vrfleak_yang_embed`; it is up
# to the module to hand it to yang_module_embed(). (FRR's own embedmodel.py
# does that in a constructor, before the module could refuse to load.)
#
# Refuses, with a line and status 1, a file that names no module or revision.

/^[ \t]*module[ \t]/ && name == "" {
	name = $2
}

/^[ \t]*revision[ \t]/ && revision == "" {
	revision = $2
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\t/, "\\t")
	text = text "\t\t\"" $0 "\\n\"\n"
}

END {
	if (name == "" || revision == "") {
		print FILENAME ": no module or no revision" > "/dev/stderr"
		exit 1
	}
	print "// SPDX-License-Identifier: GPL-2.0-or-later"
	print "/* Generated from frr-vrfleak.yang by embedmodel.awk. */"
	print "#include <zebra.h>\n"
	print "#include \"yang.h\"\n"
	print "extern struct yang_module_embed vrfleak_yang_embed;\n"
	print "struct yang_module_embed vrfleak_yang_embed = {"
	print "\t.mod_name = \"" name "\","
	print "\t.mod_rev = \"" revision "\","
	print "\t.sub_mod_name = \"\","
	print "\t.sub_mod_rev = \"\","
	print "\t.format = LYS_IN_YANG,"
	print "\t.data =\n" text "};"
}
