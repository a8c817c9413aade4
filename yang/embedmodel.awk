# SPDX-License-Identifier: GPL-2.0-or-later
#
# vrfleak: converts the YANG model to C, so that the module contains it.
#
#	awk -f embedmodel.awk model.yang > model.c
#
# The result defines `struct yang_module_embed vrfleak_yang_embed`. The module
# passes it to yang_module_embed(). (The code that FRR's embedmodel.py generates
# does that in a constructor, before the module can refuse to load.)
#
# Refuses a file without a module or a revision, with an error and status 1.

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
		print FILENAME ": no module or no revision; expected a YANG module" > "/dev/stderr"
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
