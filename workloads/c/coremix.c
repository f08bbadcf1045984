/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The mix that small processors are measured with, in our own code: a linked list that is sorted, reversed and searched,
 * small integer matrices, a state machine that reads numbers, and a bitwise CRC over the results of each. Branches that
 * are hard to foresee, 16-bit loads and stores, calls through pointers.
 */
#include <stdbool.h>
#include <stddef.h>

#include "common.h"

#define NODES 400
#define SIDE  20
#define TEXT  600

struct node {
	struct node *next;
	int16_t value, index;
};

static uint16_t crc16(uint16_t crc, uint16_t data)
{
	for (int i = 0; i < 16; i++) {
		bool carry = (crc ^ data) & 1;

		data >>= 1;
		crc >>= 1;
		if (carry)
			crc ^= 0xa001;
	}
	return crc;
}

/* ---- list ---- */

static int by_value(const struct node *a, const struct node *b)
{
	return a->value - b->value;
}

static int by_index(const struct node *a, const struct node *b)
{
	return a->index - b->index;
}

/* Merge sort from the bottom up, stable, without recursion. */
static struct node *sort(struct node *list, int (*compare)(const struct node *, const struct node *))
{
	for (size_t run = 1;; run *= 2) {
		struct node *left = list, *head = NULL, **tail = &head;
		int merges = 0;

		while (left != NULL) {
			struct node *right = left;
			size_t lefts = 0, rights = run;

			merges++;
			while (lefts < run && right != NULL) {
				lefts++;
				right = right->next;
			}
			while (lefts > 0 || (rights > 0 && right != NULL)) {
				bool take_left = rights == 0 || right == NULL ||
						 (lefts > 0 && compare(left, right) <= 0);
				struct node **from = take_left ? &left : &right;

				*tail = *from;
				tail = &(*from)->next;
				*from = (*from)->next;
				if (take_left)
					lefts--;
				else
					rights--;
			}
			left = right;
		}
		*tail = NULL;
		list = head;
		if (merges <= 1)
			return list;
	}
}

static struct node *reverse(struct node *list)
{
	struct node *done = NULL;

	while (list != NULL) {
		struct node *next = list->next;

		list->next = done;
		done = list;
		list = next;
	}
	return done;
}

static uint16_t lists(struct node *pool, uint64_t *seed, uint16_t crc)
{
	struct node *list = NULL;

	for (int i = 0; i < NODES; i++) {
		pool[i] = (struct node){ list, (int16_t)(workload_next(seed) >> 40), (int16_t)i };
		list = &pool[i];
	}
	for (int round = 0; round < 4; round++) {
		int wanted = (int)(workload_next(seed) % NODES);

		list = reverse(sort(list, round % 2 == 0 ? by_value : by_index));
		for (const struct node *n = list; n != NULL; n = n->next) {
			if (n->index == wanted) {
				crc = crc16(crc, (uint16_t)n->value);
				break;
			}
		}
		crc = crc16(crc, (uint16_t)list->value);
	}
	return crc;
}

/* ---- matrix ---- */

static uint16_t matrices(int16_t a[SIDE][SIDE], uint64_t *seed, uint16_t crc)
{
	static const int shift = 3;
	int32_t product[SIDE][SIDE];
	int32_t running = 0;

	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++)
			a[i][j] = (int16_t)(workload_next(seed) >> 52);
	for (int i = 0; i < SIDE; i++) {
		for (int j = 0; j < SIDE; j++) {
			uint32_t sum = 0;

			for (int k = 0; k < SIDE; k++)
				sum += (uint32_t)(a[i][k] * a[k][j]) >> shift;
			product[i][j] = (int32_t)sum;
		}
	}
	for (int i = 0; i < SIDE; i++) {
		for (int j = 0; j < SIDE; j++) {
			/* Where the sum passes a limit it starts again: a branch that depends on the data. */
			running = (int32_t)((uint32_t)running + (uint32_t)product[i][j]);
			if (running > 1000000) {
				crc = crc16(crc, (uint16_t)(running >> 4));
				running = product[j][i] % 1000;
			}
		}
	}
	return crc16(crc, (uint16_t)running);
}

/* ---- state machine ---- */

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, POWER, INVALID, STATES };

static enum state advance(enum state state, char c)
{
	bool digit = c >= '0' && c <= '9', sign = c == '+' || c == '-', e = c == 'e' || c == 'E';

	switch (state) {
	case START:
		return digit ? INTEGER : sign ? SIGN : c == '.' ? POINT : INVALID;
	case SIGN:
		return digit ? INTEGER : c == '.' ? POINT : INVALID;
	case INTEGER:
		return digit ? INTEGER : c == '.' ? POINT : e ? EXPONENT : INVALID;
	case POINT:
		return digit ? FRACTION : INVALID;
	case FRACTION:
		return digit ? FRACTION : e ? EXPONENT : INVALID;
	case EXPONENT:
		return digit ? POWER : sign ? EXPONENT_SIGN : INVALID;
	case EXPONENT_SIGN:
	case POWER:
		return digit ? POWER : INVALID;
	default:
		return INVALID;
	}
}

static uint16_t words(char *text, uint64_t *seed, uint16_t crc)
{
	static const char letters[] = "0123456789012345678901234567.+-e,,x";
	uint16_t ends[STATES] = { 0 };
	enum state state = START;

	for (int i = 0; i < TEXT; i++)
		text[i] = letters[(workload_next(seed) >> 33) % (sizeof(letters) - 1)];
	text[TEXT - 1] = ',';
	for (int i = 0; i < TEXT; i++) {
		if (text[i] == ',') {
			ends[state]++;
			state = START;
		} else {
			state = advance(state, text[i]);
		}
	}
	for (int i = 0; i < STATES; i++)
		crc = crc16(crc, ends[i]);
	return crc;
}

int main(int argc, char **argv)
{
	static struct node pool[NODES];
	static int16_t matrix[SIDE][SIDE];
	static char text[TEXT];
	uint64_t size = workload_size(argc, argv, 60), seed = 1, sum = 0;
	uint16_t crc = 0;

	for (uint64_t i = 0; i < size * 100; i++) {
		crc = lists(pool, &seed, crc);
		crc = matrices(matrix, &seed, crc);
		crc = words(text, &seed, crc);
		sum = sum * 31 + crc;
	}
	return workload_done("coremix", size, sum);
}
