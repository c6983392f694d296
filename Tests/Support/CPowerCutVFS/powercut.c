#define _GNU_SOURCE
#include "CPowerCutVFS.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

typedef struct {
    int64_t index;           // which sector of the file; -1: free slot
    bool forgotten;          // a sync of it failed: later syncs do not help it
    unsigned char held[SECTOR];  // what the disk holds
} Sector;

typedef struct Disk {
    struct Disk *next;
    char *path;
    int64_t safe_size;       // the file's size at its last sync
    Sector *sectors;         // hash table with linear probing
    size_t capacity, count;
} Disk;

typedef struct {
    sqlite3_file base;
    Disk *disk;              // NULL for temporary files, which nobody misses
    sqlite3_file *real;      // lies behind this struct
} File;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *real_vfs;
static Disk *disks;
static bool is_off;
static uint64_t operations, syncs, cut_countdown, fail_countdown, sync_countdown, cut_seed;

static uint64_t random_next(uint64_t *state) {  // splitmix64
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static int64_t size_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

static Sector *slot(Sector *sectors, size_t capacity, int64_t index) {
    size_t at = ((uint64_t)index * 0x9e3779b97f4a7c15) % capacity;
    while (sectors[at].index != -1 && sectors[at].index != index) at = (at + 1) % capacity;
    return &sectors[at];
}

static void allocate(Disk *disk, size_t capacity) {
    disk->sectors = malloc(capacity * sizeof(Sector));
    disk->capacity = capacity;
    disk->count = 0;
    for (size_t i = 0; i < capacity; i++) disk->sectors[i].index = -1;
}

static void grow(Disk *disk) {
    Sector *old = disk->sectors;
    size_t capacity = disk->capacity;
    allocate(disk, capacity * 2);
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].index == -1) continue;
        *slot(disk->sectors, disk->capacity, old[i].index) = old[i];
        disk->count++;
    }
    free(old);
}

static Disk *disk_for(const char *path) {
    for (Disk *disk = disks; disk; disk = disk->next)
        if (strcmp(disk->path, path) == 0) return disk;
    Disk *disk = calloc(1, sizeof *disk);
    disk->path = strdup(path);
    disk->safe_size = size_of(path);
    allocate(disk, 1024);
    disk->next = disks;
    return disks = disk;
}

// Keeps what the disk holds of the sectors from offset to end, before they change.
static void keep(File *file, int64_t offset, int64_t end) {
    Disk *disk = file->disk;
    for (int64_t index = offset / SECTOR; index * SECTOR < end; index++) {
        if (disk->count * 2 >= disk->capacity) grow(disk);
        Sector *sector = slot(disk->sectors, disk->capacity, index);
        sector->forgotten = false;
        if (sector->index == index) continue;
        sector->index = index;
        disk->count++;
        // A read past the end fills up with zeros.
        file->real->pMethods->xRead(file->real, sector->held, SECTOR, index * SECTOR);
    }
}

static void made_safe(File *file) {
    Disk *disk = file->disk;
    Sector *old = disk->sectors;
    size_t capacity = disk->capacity;
    allocate(disk, 1024);
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].index == -1 || !old[i].forgotten) continue;
        if (disk->count * 2 >= disk->capacity) grow(disk);
        *slot(disk->sectors, disk->capacity, old[i].index) = old[i];
        disk->count++;
    }
    free(old);
    disk->safe_size = size_of(disk->path);
}

// What of one file survives: nothing that was not synced, or some sectors and some of a changed size.
static void lose(Disk *disk, uint64_t *random) {
    int descriptor = open(disk->path, O_RDWR);
    if (descriptor < 0) return;
    bool all = random_next(random) % 3 == 0;
    int64_t size = size_of(disk->path), kept_size = disk->safe_size;
    if (!all && size != kept_size && random_next(random) % 2) {
        int64_t low = size < kept_size ? size : kept_size, high = size < kept_size ? kept_size : size;
        kept_size = low + (int64_t)(random_next(random) % (uint64_t)(high - low + 1));
    }
    for (size_t i = 0; i < disk->capacity; i++) {
        Sector *sector = &disk->sectors[i];
        if (sector->index == -1) continue;
        if (!all && !sector->forgotten && random_next(random) % 2) continue;
        if (pwrite(descriptor, sector->held, SECTOR, sector->index * SECTOR) != SECTOR) abort();
    }
    if (ftruncate(descriptor, kept_size) != 0) abort();
    close(descriptor);
}

static void cut(uint64_t seed) {
    is_off = true;
    for (Disk *disk = disks; disk; disk = disk->next) lose(disk, &seed);
}

// Counts an operation that changes a file; false if it must fail.
static bool may(bool is_sync) {
    if (is_off) return false;
    operations++;
    if (is_sync) syncs++;
    if (cut_countdown && --cut_countdown == 0) {
        cut(cut_seed);
        return false;
    }
    bool fails = fail_countdown && --fail_countdown == 0;
    if (is_sync && sync_countdown && --sync_countdown == 0) fails = true;
    return !fails;
}

#define FILE_OF(f) File *file = (File *)(f)
#define REAL(f, call, ...) (((File *)(f))->real->pMethods->call(((File *)(f))->real, ##__VA_ARGS__))

static int x_close(sqlite3_file *f) { return REAL(f, xClose); }

static int x_read(sqlite3_file *f, void *buffer, int count, sqlite3_int64 offset) {
    FILE_OF(f);
    if (!file->disk) return REAL(f, xRead, buffer, count, offset);
    pthread_mutex_lock(&lock);
    int code = is_off ? SQLITE_IOERR_READ : REAL(f, xRead, buffer, count, offset);
    pthread_mutex_unlock(&lock);
    return code;
}

static int x_write(sqlite3_file *f, const void *buffer, int count, sqlite3_int64 offset) {
    FILE_OF(f);
    if (!file->disk) return REAL(f, xWrite, buffer, count, offset);
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_WRITE;
    if (may(false)) {
        keep(file, offset, offset + count);
        code = REAL(f, xWrite, buffer, count, offset);
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size) {
    FILE_OF(f);
    if (!file->disk) return REAL(f, xTruncate, size);
    pthread_mutex_lock(&lock);
    int code = SQLITE_IOERR_TRUNCATE;
    if (may(false)) {
        keep(file, size, size_of(file->disk->path));
        code = REAL(f, xTruncate, size);
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int x_sync(sqlite3_file *f, int flags) {
    FILE_OF(f);
    if (!file->disk) return REAL(f, xSync, flags);
    pthread_mutex_lock(&lock);
    int code = SQLITE_OK;
    if (may(true)) {
        made_safe(file);  // no real sync: this disk is a play
    } else {
        code = SQLITE_IOERR_FSYNC;
        for (size_t i = 0; i < file->disk->capacity; i++) file->disk->sectors[i].forgotten = true;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int x_file_size(sqlite3_file *f, sqlite3_int64 *size) { return REAL(f, xFileSize, size); }
static int x_lock(sqlite3_file *f, int level) { return REAL(f, xLock, level); }
static int x_unlock(sqlite3_file *f, int level) { return REAL(f, xUnlock, level); }
static int x_check_reserved(sqlite3_file *f, int *out) { return REAL(f, xCheckReservedLock, out); }
static int x_control(sqlite3_file *f, int operation, void *argument) {
    return REAL(f, xFileControl, operation, argument);
}
static int x_sector_size(sqlite3_file *f) { return REAL(f, xSectorSize); }
static int x_characteristics(sqlite3_file *f) { return REAL(f, xDeviceCharacteristics); }
static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return REAL(f, xShmMap, page, size, extend, out);
}
static int x_shm_lock(sqlite3_file *f, int offset, int n, int flags) {
    return REAL(f, xShmLock, offset, n, flags);
}
static void x_shm_barrier(sqlite3_file *f) { REAL(f, xShmBarrier); }
static int x_shm_unmap(sqlite3_file *f, int erase) { return REAL(f, xShmUnmap, erase); }

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = x_close, .xRead = x_read, .xWrite = x_write, .xTruncate = x_truncate, .xSync = x_sync,
    .xFileSize = x_file_size, .xLock = x_lock, .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_reserved, .xFileControl = x_control, .xSectorSize = x_sector_size,
    .xDeviceCharacteristics = x_characteristics, .xShmMap = x_shm_map, .xShmLock = x_shm_lock,
    .xShmBarrier = x_shm_barrier, .xShmUnmap = x_shm_unmap,
};

static int x_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out_flags) {
    (void)vfs;
    FILE_OF(f);
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    pthread_mutex_lock(&lock);
    int code = SQLITE_CANTOPEN;
    if (!is_off) {
        bool lasts = path && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
        if (lasts) file->disk = disk_for(path);
        code = real_vfs->xOpen(real_vfs, path, file->real, flags, out_flags);
        if (file->real->pMethods) file->base.pMethods = &methods;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

void powercut_register(void) {
    static sqlite3_vfs vfs;
    pthread_mutex_lock(&lock);
    if (!real_vfs) {
        real_vfs = sqlite3_vfs_find(NULL);
        vfs = *real_vfs;
        vfs.pNext = NULL;
        vfs.zName = POWERCUT_NAME;
        vfs.szOsFile = (int)sizeof(File) + real_vfs->szOsFile;
        vfs.xOpen = x_open;
        sqlite3_vfs_register(&vfs, 0);
    }
    pthread_mutex_unlock(&lock);
}

void powercut_reset(void) {
    pthread_mutex_lock(&lock);
    while (disks) {
        Disk *disk = disks;
        disks = disk->next;
        free(disk->sectors);
        free(disk->path);
        free(disk);
    }
    is_off = false;
    operations = syncs = cut_countdown = fail_countdown = sync_countdown = 0;
    pthread_mutex_unlock(&lock);
}

void powercut_cut(uint64_t seed) {
    pthread_mutex_lock(&lock);
    if (!is_off) cut(seed);
    pthread_mutex_unlock(&lock);
}

void powercut_cut_at(uint64_t n, uint64_t seed) {
    pthread_mutex_lock(&lock);
    cut_countdown = n;
    cut_seed = seed;
    pthread_mutex_unlock(&lock);
}

void powercut_fail_at(uint64_t n) {
    pthread_mutex_lock(&lock);
    fail_countdown = n;
    pthread_mutex_unlock(&lock);
}

void powercut_fail_sync_at(uint64_t n) {
    pthread_mutex_lock(&lock);
    sync_countdown = n;
    pthread_mutex_unlock(&lock);
}

bool powercut_is_off(void) {
    pthread_mutex_lock(&lock);
    bool off = is_off;
    pthread_mutex_unlock(&lock);
    return off;
}

uint64_t powercut_operations(void) {
    pthread_mutex_lock(&lock);
    uint64_t count = operations;
    pthread_mutex_unlock(&lock);
    return count;
}

uint64_t powercut_syncs(void) {
    pthread_mutex_lock(&lock);
    uint64_t count = syncs;
    pthread_mutex_unlock(&lock);
    return count;
}
