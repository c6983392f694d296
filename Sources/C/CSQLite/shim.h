// What Swift sees of sqlite3, as Debian ships it.
#pragma once
#include <sqlite3.h>
