// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: a copy of a configuration file that has lines of the module.
 *
 * The copy is written under another name, and gets its name by link(), which
 * fails if the name exists. So a copy is never half written.
 */
#include <zebra.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zebra_vrfleak/core/config_file.h"
#include "zebra_vrfleak/core/config_lines.h"
#include "zebra_vrfleak/gate/config_copy.h"

static bool fd_write(int fd, const char *text, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = write(fd, text + done, size - done);

		if (n < 0)
			return false;
		done += n;
	}
	return true;
}

/* Create a file with the owner and mode of another. */
static bool file_create(const char *name, const char *like, const char *text,
			size_t size)
{
	struct stat st;
	bool done;
	int fd;

	if (stat(like, &st) != 0)
		return false;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	done = fd_write(fd, text, size) &&
	       fchown(fd, st.st_uid, st.st_gid) == 0 &&
	       fchmod(fd, st.st_mode & 07777) == 0 && fsync(fd) == 0;
	return close(fd) == 0 && done;
}

static enum vrfleak_config_copy copy_make(const char *file, const char *copy,
					  const char *text, size_t size)
{
	enum vrfleak_config_copy result = VRFLEAK_COPY_FAILED;
	char temporary[PATH_MAX];
	int error;

	snprintf(temporary, sizeof(temporary), "%s.%ld", copy, (long)getpid());
	unlink(temporary);
	if (file_create(temporary, file, text, size)) {
		if (link(temporary, copy) == 0)
			result = VRFLEAK_COPY_MADE;
		else if (errno == EEXIST)
			result = VRFLEAK_COPY_KEPT;
	}
	error = errno;
	unlink(temporary);
	errno = error;
	return result;
}

enum vrfleak_config_copy vrfleak_config_copy(const char *file, const char *copy)
{
	enum vrfleak_config_copy result = VRFLEAK_COPY_NOT_NEEDED;
	size_t size;
	char *text = vrfleak_file_read(file, &size);

	if (!text)
		return errno == ENOENT ? VRFLEAK_COPY_NOT_NEEDED
				       : VRFLEAK_COPY_FAILED;
	if (vrfleak_config_lines(text, size, NULL, NULL))
		result = copy_make(file, copy, text, size);
	free(text);
	return result;
}
