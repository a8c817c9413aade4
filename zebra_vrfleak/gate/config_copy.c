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

#include "zebra_vrfleak/core/config_lines.h"
#include "zebra_vrfleak/gate/config_copy.h"

/* Read a whole file. Returns NULL on failure; else the caller frees it. */
static char *file_read(int fd, size_t size)
{
	char *text = malloc(size + 1);
	size_t done = 0;
	ssize_t n = 1;

	while (text && done < size && n > 0) {
		n = read(fd, text + done, size - done);
		if (n > 0)
			done += n;
	}
	if (text && done < size) {
		free(text);
		return NULL;
	}
	return text;
}

static bool file_write(int fd, const char *text, size_t size)
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

/* Create the file, with the owner and mode of another. */
static bool file_create(const char *name, const struct stat *like,
			const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool done;

	if (fd < 0)
		return false;
	done = file_write(fd, text, like->st_size) &&
	       fchown(fd, like->st_uid, like->st_gid) == 0 &&
	       fchmod(fd, like->st_mode & 07777) == 0 && fsync(fd) == 0;
	close(fd);
	return done;
}

static enum vrfleak_config_copy
copy_make(const char *copy, const struct stat *like, const char *text)
{
	enum vrfleak_config_copy result = VRFLEAK_COPY_FAILED;
	char temporary[PATH_MAX];
	int error;

	snprintf(temporary, sizeof(temporary), "%s.%ld", copy, (long)getpid());
	unlink(temporary);
	if (file_create(temporary, like, text)) {
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
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text = NULL;

	if (fd < 0)
		return errno == ENOENT ? VRFLEAK_COPY_NOT_NEEDED
				       : VRFLEAK_COPY_FAILED;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		text = file_read(fd, st.st_size);
	close(fd);
	if (!text)
		return VRFLEAK_COPY_FAILED;
	if (vrfleak_config_lines(text, st.st_size, NULL, NULL))
		result = copy_make(copy, &st, text);
	free(text);
	return result;
}
