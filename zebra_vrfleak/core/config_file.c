// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrfleak: the configuration files in which the module's lines can be.
 */
#include <zebra.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zebra_vrfleak/core/config_file.h"

bool vrfleak_config_file(const char *own, unsigned int number, char *file,
			 size_t size)
{
	const char *slash = strrchr(own, '/');

	if (number == 0)
		snprintf(file, size, "%.*s/frr.conf",
			 slash ? (int)(slash - own) : 1, slash ? own : ".");
	else
		snprintf(file, size, "%s", own);
	return number < 2;
}

static char *fd_read(int fd, size_t *size)
{
	struct stat st;
	size_t done = 0;
	ssize_t n = 1;
	char *text;

	if (fstat(fd, &st) != 0)
		return NULL;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return NULL;
	}
	text = malloc(st.st_size + 1);
	while (text && done < (size_t)st.st_size && n > 0) {
		n = read(fd, text + done, st.st_size - done);
		if (n > 0)
			done += n;
	}
	if (n < 0) {
		free(text);
		return NULL;
	}
	*size = done;
	return text;
}

char *vrfleak_file_read(const char *file, size_t *size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), error;
	char *text;

	if (fd < 0)
		return NULL;
	text = fd_read(fd, size);
	error = errno;
	close(fd);
	errno = error;
	return text;
}
