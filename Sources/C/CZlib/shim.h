// What Swift sees of zlib, as Debian ships it.
#pragma once
#include <zlib.h>
