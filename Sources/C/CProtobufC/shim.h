// What Swift sees of protobuf-c, as Debian ships it.
#pragma once
#include <protobuf-c/protobuf-c.h>
