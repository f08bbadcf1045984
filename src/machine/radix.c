/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A sparse array of pointers by 64-bit index. */
#include "machine/radix.h"

#include <errno.h>
#include <stdlib.h>

enum {
	RADIX_BITS = 9,
	RADIX_FAN = 1 << RADIX_BITS,
	RADIX_MAX_HEIGHT = (64 + RADIX_BITS - 1) / RADIX_BITS,
};

struct radix_node {
	unsigned used; /* slots that are not NULL */
	void *slot[RADIX_FAN];
};

static unsigned height_for(uint64_t index)
{
	unsigned height = 1;

	while (index >>= RADIX_BITS)
		height++;
	return height;
}

static unsigned slot_of(uint64_t index, unsigned level)
{
	return (unsigned)(index >> (level * RADIX_BITS)) & (RADIX_FAN - 1);
}

void *radix_get(const struct radix *radix, uint64_t index)
{
	void *at = radix->root;

	if (height_for(index) > radix->height)
		return NULL;
	for (unsigned level = radix->height; at && level-- > 0;)
		at = ((struct radix_node *)at)->slot[slot_of(index, level)];
	return at;
}

/* The leaf that holds the index, made if need be. */
static struct radix_node *leaf_of(struct radix *radix, uint64_t index)
{
	unsigned height = height_for(index);
	struct radix_node *node;

	while (radix->height < height || !radix->root) {
		node = calloc(1, sizeof(*node));
		if (!node)
			return NULL;
		if (radix->root) {
			node->slot[0] = radix->root;
			node->used = 1;
			radix->height++;
		} else {
			radix->height = height;
		}
		radix->root = node;
	}
	node = radix->root;
	for (unsigned level = radix->height - 1; level > 0; level--) {
		void **slot = &node->slot[slot_of(index, level)];

		if (!*slot) {
			*slot = calloc(1, sizeof(*node));
			if (!*slot)
				return NULL;
			node->used++;
		}
		node = *slot;
	}
	return node;
}

int radix_prepare(struct radix *radix, uint64_t index)
{
	return leaf_of(radix, index) ? 0 : -ENOMEM;
}

int radix_set(struct radix *radix, uint64_t index, void *value)
{
	struct radix_node *leaf = leaf_of(radix, index);
	void **slot;

	if (!leaf)
		return -ENOMEM;
	slot = &leaf->slot[slot_of(index, 0)];
	if (!*slot)
		leaf->used++;
	*slot = value;
	return 0;
}

void *radix_remove(struct radix *radix, uint64_t index)
{
	struct radix_node *path[RADIX_MAX_HEIGHT];
	void *at = radix->root;
	unsigned level;

	if (height_for(index) > radix->height)
		return NULL;
	for (level = radix->height; at && level-- > 0;) {
		path[level] = at;
		at = path[level]->slot[slot_of(index, level)];
	}
	if (!at)
		return NULL;
	/* Nodes left empty go, so that a long life of scattered entries costs no more than what lives. */
	for (level = 0; level < radix->height; level++) {
		path[level]->slot[slot_of(index, level)] = NULL;
		if (--path[level]->used > 0)
			return at;
		free(path[level]);
	}
	radix->root = NULL;
	radix->height = 0;
	return at;
}

static void *next_in(const struct radix_node *node, unsigned level, uint64_t from, uint64_t *found)
{
	uint64_t first = slot_of(from, level);

	for (uint64_t i = first; i < RADIX_FAN; i++) {
		uint64_t below = i == first ? from : 0;
		void *at = node->slot[i];

		if (!at)
			continue;
		if (level > 0)
			at = next_in(at, level - 1, below, found);
		else
			*found = 0;
		if (at) {
			*found &= (UINT64_C(1) << (level * RADIX_BITS)) - 1;
			*found |= i << (level * RADIX_BITS);
			return at;
		}
	}
	return NULL;
}

void *radix_next(const struct radix *radix, uint64_t *index)
{
	uint64_t found;
	void *at;

	if (!radix->root || height_for(*index) > radix->height)
		return NULL;
	at = next_in(radix->root, radix->height - 1, *index, &found);
	if (at)
		*index = found;
	return at;
}

static void free_nodes(struct radix_node *node, unsigned level)
{
	for (unsigned i = 0; level > 0 && i < RADIX_FAN; i++) {
		if (node->slot[i])
			free_nodes(node->slot[i], level - 1);
	}
	free(node);
}

void radix_clear(struct radix *radix)
{
	if (radix->root)
		free_nodes(radix->root, radix->height - 1);
	radix->root = NULL;
	radix->height = 0;
}
