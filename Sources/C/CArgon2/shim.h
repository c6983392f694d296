// What Swift sees of argon2, as Debian ships it.
#pragma once
#include <argon2.h>
