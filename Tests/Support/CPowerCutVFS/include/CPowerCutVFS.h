// A disk that fails on purpose: a file layer for SQLite that wraps the default one and knows what was synced.
//
// Writes reach the real file at once, so that the program sees them; what each 512-byte sector held before is kept until
// a sync makes the new content safe. When the power is cut, sectors that were not synced fall back to what they held, all
// of them or some, as the seed says. Until the power is back, every operation fails.
//
// The state is one for the process: tests that use it run one after another.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// The name under which SQLite knows the layer.
#define POWERCUT_NAME "powercut"

/// Registers the layer; again does nothing.
void powercut_register(void);

/// Power on, nothing planned, nothing known of any file.
void powercut_reset(void);

/// Cuts the power now.
void powercut_cut(uint64_t seed);

/// Cuts the power instead of the n-th write, sync or truncation from now; 0 takes the plan back.
void powercut_cut_at(uint64_t n, uint64_t seed);

/// Whether the power is off.
bool powercut_is_off(void);

/// Lets the n-th write, sync or truncation from now fail with an I/O error; 0 takes the plan back.
void powercut_fail_at(uint64_t n);

/// Lets the n-th sync from now fail. As on Linux, what it should have made safe is taken for safe by later syncs, although
/// it is not, until it is written again.
void powercut_fail_sync_at(uint64_t n);

/// How many writes, syncs and truncations there were since the reset.
uint64_t powercut_operations(void);

/// How many syncs there were since the reset.
uint64_t powercut_syncs(void);
