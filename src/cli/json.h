/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Writing JSON: objects of strings and numbers to a stream. Only a writer, so that a cross build of the program needs libc alone.
 */
#ifndef TOLLGATE_CLI_JSON_H
#define TOLLGATE_CLI_JSON_H

#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	unsigned depth;
	unsigned count[8]; /* members so far, per depth */
};

/* key NULL: an array's element, or the outermost object. */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_string(struct json *j, const char *key, const char *value); /* NULL: null; bytes that are not UTF-8 become U+FFFD */
void json_u64(struct json *j, const char *key, uint64_t value);
void json_i64(struct json *j, const char *key, int64_t value);

#endif
