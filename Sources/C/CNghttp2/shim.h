// What Swift sees of nghttp2, as Debian ships it.
#pragma once
#include <nghttp2/nghttp2.h>
