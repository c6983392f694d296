#include "linli_arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { block_bytes = 16 * 1024, chunk_bytes = 64 * 1024, alignment = 16 };

// A piece of memory for what the thread's own block has no room for.
struct chunk {
    alignas(alignment) struct chunk *previous;
};

static _Thread_local alignas(alignment) unsigned char block[block_bytes];
static _Thread_local linli_arena_scope arena;

linli_arena_scope linli_arena_begin(size_t limit) {
    if (arena.next == NULL) {
        arena.next = block;
        arena.end = block + block_bytes;
    }
    linli_arena_scope before = arena;
    arena.charged = 0;
    arena.limit = limit;
    return before;
}

void linli_arena_end(linli_arena_scope scope) {
    struct chunk *chunk = arena.chunks;
    while (chunk != scope.chunks) {
        struct chunk *previous = chunk->previous;
        free(chunk);
        chunk = previous;
    }
    arena = scope;
}

void *linli_arena_allocate(size_t count) {
    if (count > arena.limit - arena.charged) return NULL;
    size_t room = (count + alignment - 1) & ~(size_t)(alignment - 1);
    if (room < count) return NULL;
    if (room > (size_t)(arena.end - arena.next)) {
        size_t size = room > chunk_bytes / 2 ? room : chunk_bytes;
        if (size > SIZE_MAX - sizeof(struct chunk)) return NULL;
        struct chunk *chunk = malloc(sizeof(struct chunk) + size);
        if (chunk == NULL) return NULL;
        chunk->previous = arena.chunks;
        arena.chunks = chunk;
        arena.next = (unsigned char *)(chunk + 1);
        arena.end = arena.next + size;
    }
    unsigned char *memory = arena.next;
    arena.next += room;
    // Charged by the byte, rounded up only where that keeps the sum below the limit: a limit of n admits n bytes.
    arena.charged += room > arena.limit - arena.charged ? count : room;
    return memory;
}

static void *allocate(void *unused, size_t count) {
    (void)unused;
    return linli_arena_allocate(count);
}

static void release(void *unused, void *memory) {
    (void)unused;
    (void)memory;
}

ProtobufCAllocator *linli_arena_allocator(void) {
    static ProtobufCAllocator allocator = {allocate, release, NULL};
    return &allocator;
}
