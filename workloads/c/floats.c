/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Double arithmetic of two kinds: bodies that attract each other (square roots and divisions, all in registers), and
 * the LU factors of a matrix (multiply and subtract over memory). Results are exact bit patterns, so it is built with
 * -ffp-contract=off on every target: a fused product would round once where another machine rounds twice.
 */
#include <math.h>
#include <string.h>

#include "common.h"

#define BODIES 5
#define ORDER  96

struct body {
	double at[3], speed[3], mass;
};

static void step(struct body *body, double dt)
{
	for (int i = 0; i < BODIES; i++) {
		for (int j = i + 1; j < BODIES; j++) {
			double d[3], square = 0, pull;

			for (int k = 0; k < 3; k++) {
				d[k] = body[i].at[k] - body[j].at[k];
				square += d[k] * d[k];
			}
			pull = dt / (square * sqrt(square));
			for (int k = 0; k < 3; k++) {
				body[i].speed[k] -= d[k] * body[j].mass * pull;
				body[j].speed[k] += d[k] * body[i].mass * pull;
			}
		}
	}
	for (int i = 0; i < BODIES; i++)
		for (int k = 0; k < 3; k++)
			body[i].at[k] += dt * body[i].speed[k];
}

static double energy(const struct body *body)
{
	double sum = 0;

	for (int i = 0; i < BODIES; i++) {
		for (int k = 0; k < 3; k++)
			sum += body[i].mass * body[i].speed[k] * body[i].speed[k] / 2;
		for (int j = i + 1; j < BODIES; j++) {
			double square = 0;

			for (int k = 0; k < 3; k++) {
				double d = body[i].at[k] - body[j].at[k];

				square += d * d;
			}
			sum -= body[i].mass * body[j].mass / sqrt(square);
		}
	}
	return sum;
}

/* A heavy body in the middle, the others on circles around it. */
static double orbits(uint64_t steps)
{
	struct body body[BODIES] = { [0] = { .mass = 40 } };
	double before;

	for (int i = 1; i < BODIES; i++) {
		body[i].at[0] = 4.0 * i;
		body[i].at[2] = 0.125 * i;
		body[i].speed[1] = sqrt(40 / (4.0 * i));
		body[i].mass = 0.03125 / i;
		body[0].speed[1] -= body[i].mass * body[i].speed[1] / 40;
	}
	before = energy(body);
	for (uint64_t i = 0; i < steps; i++)
		step(body, 0.0009765625);
	/* What is lost to rounding and to the size of a step is small, or the arithmetic is wrong. */
	if (fabs(energy(body) - before) > 0.0001 * fabs(before))
		exit(3);
	return energy(body) + body[1].at[0];
}

/* The determinant's logarithm of a matrix that no row exchange is needed for. */
static double factor(uint64_t *seed)
{
	static double a[ORDER][ORDER];
	double sum = 0;

	for (int i = 0; i < ORDER; i++)
		for (int j = 0; j < ORDER; j++)
			a[i][j] = (double)(workload_next(seed) >> 11) / 9007199254740992.0 + (i == j ? ORDER : 0);
	for (int k = 0; k < ORDER; k++) {
		for (int i = k + 1; i < ORDER; i++) {
			double f = a[i][k] /= a[k][k];

			for (int j = k + 1; j < ORDER; j++)
				a[i][j] = a[i][j] - f * a[k][j];
		}
		sum += a[k][k];
	}
	return sum;
}

int main(int argc, char **argv)
{
	uint64_t size = workload_size(argc, argv, 100), seed = 1, bits[2];
	double result[2];

	result[0] = orbits(size * 20000);
	result[1] = 0;
	for (uint64_t i = 0; i < size * 15; i++)
		result[1] += factor(&seed);
	memcpy(bits, result, sizeof(bits));
	return workload_done("floats", size, bits[0] * 31 + bits[1]);
}
