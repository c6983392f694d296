// What Swift sees of sqlite3, as Debian ships it, with wrappers for its variadic functions, which Swift does not import.
#pragma once
#include <sqlite3.h>

/// Closing the last connection shall not checkpoint: after a failed sync, a checkpoint would spread what is in doubt.
static inline int linli_sqlite3_never_checkpoint_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// Text in double quotes is a name and nothing else: a misspelt column is an error, not a string.
static inline int linli_sqlite3_strict_quotes(sqlite3 *database) {
    int code = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    return code != SQLITE_OK ? code : sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
}
