// A bump allocator for the thread that calls, from which protobuf-c takes all memory of one decode or encode.
//
// `linli_arena_begin` opens a scope and `linli_arena_end` gives back everything that was allocated inside it; scopes
// nest. The first 16 KiB are kept with the thread, so that an ordinary message touches malloc not once.
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

// What `linli_arena_end` needs to go back to. Not to be looked into.
typedef struct linli_arena_scope {
    unsigned char *next;
    unsigned char *end;
    void *chunks;
    size_t charged;
    size_t limit;
} linli_arena_scope;

// Opens a scope in which at most `limit` bytes can be allocated.
linli_arena_scope linli_arena_begin(size_t limit);

// Frees what was allocated since the scope was opened. Scopes are closed in the reverse order, on the same thread.
void linli_arena_end(linli_arena_scope scope);

// Memory for `count` bytes, aligned to 16; NULL if the limit would be passed or memory is out.
void *linli_arena_allocate(size_t count);

// The arena as protobuf-c wants it.
ProtobufCAllocator *linli_arena_allocator(void);
