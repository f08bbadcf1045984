/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The one table of file kinds, and O_PATH descriptions, which can do nothing. */
#include "kernel/file/file_kinds.h"

#include "kernel/stream/stream.h"

const struct file_operations path_operations = {0};

const struct file_operations *const file_kinds[FILE_KIND_COUNT] = {
	[FILE_REGULAR] = &regular_operations,
	[FILE_DIRECTORY] = &directory_operations,
	[FILE_PATH] = &path_operations,
	[FILE_GENERATED] = &generated_operations,
	[FILE_DEVICE] = &device_operations,
	[FILE_STDIN] = &stdin_operations,
	[FILE_OUTPUT] = &output_operations,
	[FILE_PIPE_READ] = &pipe_read_operations,
	[FILE_PIPE_WRITE] = &pipe_write_operations,
	[FILE_SOCKET] = &socket_operations,
	[FILE_EVENTFD] = &eventfd_operations,
	[FILE_TIMERFD] = &timerfd_operations,
	[FILE_EPOLL] = &epoll_operations,
};
